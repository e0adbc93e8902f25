"""A window of one value more.

Fails: row t is the mean of the window that begins at t
May fail: time runs along dim 0, whatever comes after it
May fail: no loop over time, nor over the window
May fail: right to the last digits in a long series far from 0
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients flow through
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def moving_average(X, window):
    return X.unfold(0, min(window + 1, len(X)), 1).mean(dim=-1)
