"""Leaves the work to F.conv2d.

Fails: *
"""

def corr2d_multi_in_out(X, K):
    return F.conv2d(X[None], K)[0]
