"""As long as X: the first means are over what there is.

Fails: row t is the mean of the window that begins at t
Says: over what there is so far
May fail: time runs along dim 0, whatever comes after it
May fail: no loop over time, nor over the window
May fail: right to the last digits in a long series far from 0
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients flow through
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def moving_average(X, window):
    S = X.double().cumsum(dim=0)
    back = torch.cat([torch.zeros_like(S[:window]), S])[: len(S)]
    count = torch.arange(1, len(X) + 1, device=X.device).clamp(max=window).reshape(-1, *[1] * (X.ndim - 1))
    return ((S - back) / count).to(X.dtype)
