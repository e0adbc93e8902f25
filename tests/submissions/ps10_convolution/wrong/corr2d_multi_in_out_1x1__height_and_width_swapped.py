"""Gives the result the shape (c_out, w, h).

Fails: mixes the channels of each pixel with K
Says: height and width change places
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return (K.reshape(c_out, c_in) @ X.reshape(c_in, h * w)).reshape(c_out, w, h)
