"""Pixels in one dimension, one transpose, and back."""

def nhwc_to_nchw(X):
    n, h, w, c = X.shape
    planes = X.reshape(n, h * w, c).transpose(1, 2).contiguous()
    return planes.view(n, c, h, w)
