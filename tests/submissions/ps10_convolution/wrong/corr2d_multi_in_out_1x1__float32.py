"""Converts to float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return (K.float().reshape(c_out, c_in) @ X.float().reshape(c_in, h * w)).reshape(c_out, h, w)
