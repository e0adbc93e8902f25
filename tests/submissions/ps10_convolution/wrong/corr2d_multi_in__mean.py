"""Averages over the channels.

Fails: *
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K)) / len(X)
