"""Divides by the number of copies.

Fails: every pixel becomes a square
Says: the pixels are divided by the number of copies
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1) / scale**2
