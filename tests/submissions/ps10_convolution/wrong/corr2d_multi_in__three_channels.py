"""Written for three channels.

Fails: equals the definition
"""

def corr2d_multi_in(X, K):
    return corr2d(X[0], K[0]) + corr2d(X[1], K[1]) + corr2d(X[2], K[2])
