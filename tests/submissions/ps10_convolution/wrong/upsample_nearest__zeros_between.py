"""Puts zeros between the pixels.

Fails: every pixel becomes a square
Says: there are zeros between the pixels
"""

def upsample_nearest(X, scale):
    out = X.new_zeros(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
    out[..., ::scale, ::scale] = X
    return out
