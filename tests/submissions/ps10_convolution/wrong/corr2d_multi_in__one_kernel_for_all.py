"""Uses the first channel's kernel for all.

Fails: *
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, K[0]) for x in X)
