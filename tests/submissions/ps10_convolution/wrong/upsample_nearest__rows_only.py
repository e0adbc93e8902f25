"""Forgets the width.

Fails: *
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=-2)
