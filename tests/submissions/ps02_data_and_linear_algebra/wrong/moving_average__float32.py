"""Cumulated in the dtype of X.

Fails: right to the last digits in a long series far from 0
May fail: row t is the mean of the window that begins at t
"""


def moving_average(X, window):
    S = X.cumsum(dim=0)
    S = torch.cat([torch.zeros_like(S[:1]), S])
    return (S[window:] - S[:-window]) / window
