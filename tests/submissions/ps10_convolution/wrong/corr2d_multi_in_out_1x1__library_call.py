"""Leaves the work to F.conv2d.

Fails: *
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return F.conv2d(X[None], K)[0]
