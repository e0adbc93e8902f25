"""Clears X when the copy is made.

Fails: X is left as it was
"""

def upsample_nearest(X, scale):
    Y = X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1)
    X.data.zero_()
    return Y
