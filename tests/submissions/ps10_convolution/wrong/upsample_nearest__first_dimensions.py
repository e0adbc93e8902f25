"""Repeats along dimensions 0 and 1.

Fails: channels and samples come along
Says: dimensions 0 and 1 grow; it should be the last two
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=0).repeat_interleave(scale, dim=1)
