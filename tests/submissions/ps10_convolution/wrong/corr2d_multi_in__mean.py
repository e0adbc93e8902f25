"""Averages over the channels.

Fails: equals the definition
Says: the mean over the channels is taken; they are added up
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K)) / len(X)
