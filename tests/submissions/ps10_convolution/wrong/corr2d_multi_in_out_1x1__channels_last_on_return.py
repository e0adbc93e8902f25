"""Forgets to bring the channels to the front.

Fails: mixes the channels of each pixel with K
Says: the channels stand last: bring them to the front
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return (X.permute(1, 2, 0).reshape(h * w, c_in) @ K.reshape(c_out, c_in).T).reshape(h, w, c_out)
