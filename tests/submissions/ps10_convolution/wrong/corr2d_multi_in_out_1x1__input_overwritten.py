"""Uses the storage of K for a normalised kernel.

Fails: mixes the channels of each pixel with K
Fails: gradients flow back to X and K
Fails: X and K are left as they were
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    K.data.div_(K.data.sum())
    return (K.reshape(c_out, c_in) @ X.reshape(c_in, h * w)).reshape(c_out, h, w)
