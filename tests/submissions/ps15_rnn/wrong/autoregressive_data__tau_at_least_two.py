"""Fails where tau = T: stacks rows.

Fails: *
"""


def autoregressive_data(x, tau):
    windows = x.unfold(0, tau + 1, 1)
    return windows[:, :tau], windows[:, tau:]
