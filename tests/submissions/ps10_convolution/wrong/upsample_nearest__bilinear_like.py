"""Averages neighbouring copies.

Fails: every pixel becomes a square
Fails: channels and samples come along
"""

def upsample_nearest(X, scale):
    Y = X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1)
    return (Y + Y.roll(1, -1)) / 2
