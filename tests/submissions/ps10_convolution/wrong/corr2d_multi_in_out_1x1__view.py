"""view, which refuses tensors that are not contiguous.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def corr2d_multi_in_out_1x1(X, K):
    (c_in, h, w), c_out = X.shape, K.shape[0]
    return (K.view(c_out, c_in) @ X.view(c_in, h * w)).view(c_out, h, w)
