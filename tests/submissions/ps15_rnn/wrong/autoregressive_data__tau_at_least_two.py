"""Fails where tau = T: stacks rows.

Fails: gives no rows, (0, tau) and (0, 1), where tau = T
"""


def autoregressive_data(x, tau):
    windows = x.unfold(0, tau + 1, 1)
    return windows[:, :tau], windows[:, tau:]
