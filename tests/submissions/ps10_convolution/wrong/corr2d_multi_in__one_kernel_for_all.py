"""Uses the first channel's kernel for all.

Fails: equals the definition
Says: the first channel's slice of the kernel is used for all channels
"""

def corr2d_multi_in(X, K):
    return sum(corr2d(x, K[0]) for x in X)
