"""Windows hold the newest value first.

Fails: from the second step on the net reads its own predictions
Says: the windows hold the newest value first
"""


def k_step_ahead(net, x, tau, k):
    n = len(x) - tau - k + 1
    windows = torch.stack([x[i : i + n] for i in reversed(range(tau))], dim=1)
    for _ in range(k):
        predictions = net(windows)
        windows = torch.cat([windows[:, 1:], predictions], dim=1)
    return predictions[:, 0]
