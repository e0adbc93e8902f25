"""Leaves the work to F.conv2d.

Fails: *
"""

def corr2d_multi_in(X, K):
    return F.conv2d(X[None], K[None])[0, 0]
