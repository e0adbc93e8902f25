"""Leaves the pixels in one dimension.

Fails: mixes the channels of each pixel with K
Says: the pixels stay in one dimension
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return K.reshape(c_out, c_in) @ X.reshape(c_in, h * w)
