"""Zeros of the right shape.

Fails: *
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return X.new_zeros(c_out, h, w)
