"""Reads windows whose k-th next value is not in the series.

Fails: net is called k times, each time with all windows
"""


def k_step_ahead(net, x, tau, k):
    n = len(x) - tau - k + 1
    windows = torch.stack([x[i : i + n] for i in range(tau)], dim=1)
    n = len(x) - tau
    windows = torch.stack([x[i : i + n] for i in range(tau)], dim=1)
    for _ in range(k):
        predictions = net(windows)
        windows = torch.cat([windows[:, 1:], predictions], dim=1)
    return predictions[: len(x) - tau - k + 1, 0]
