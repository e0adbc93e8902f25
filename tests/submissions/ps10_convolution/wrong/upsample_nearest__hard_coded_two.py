"""Always twice as large.

Fails: every pixel becomes a square
Says: the image becomes twice as large, whatever the scale is
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(2, dim=-2).repeat_interleave(2, dim=-1)
