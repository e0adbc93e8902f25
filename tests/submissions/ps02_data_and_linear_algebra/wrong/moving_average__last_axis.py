"""Along the last dimension.

Fails: row t is the mean of the window that begins at t
Fails: time runs along dim 0, whatever comes after it
May fail: no loop over time, nor over the window
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients flow through
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
May fail: right to the last digits in a long series far from 0
"""


def moving_average(X, window):
    return X.unfold(-1, min(window, X.shape[-1]), 1).mean(dim=-1)
