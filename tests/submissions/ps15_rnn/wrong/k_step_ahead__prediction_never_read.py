"""The windows stay as they are.

Fails: from the second step on the net reads its own predictions
Says: the prediction is never read
"""


def k_step_ahead(net, x, tau, k):
    n = len(x) - tau - k + 1
    windows = torch.stack([x[i : i + n] for i in range(tau)], dim=1)
    for _ in range(k):
        predictions = net(windows)
        pass
    return predictions[:, 0]
