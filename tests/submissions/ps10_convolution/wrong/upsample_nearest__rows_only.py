"""Forgets the width.

Fails: every pixel becomes a square
Says: only the height grows
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=-2)
