"""One window after the other.

Fails: net is called k times, each time with all windows
"""


def k_step_ahead(net, x, tau, k):
    results = []
    for i in range(len(x) - tau - k + 1):
        window = x[i : i + tau].reshape(1, tau)
        for _ in range(k):
            y = net(window)
            window = torch.cat([window[:, 1:], y], dim=1)
        results.append(y[0, 0])
    return torch.stack(results)
