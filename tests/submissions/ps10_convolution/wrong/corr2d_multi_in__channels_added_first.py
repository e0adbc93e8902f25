"""Adds up the channels before the cross-correlation.

Fails: *
"""

def corr2d_multi_in(X, K):
    return corr2d(X.sum(0), K.sum(0))
