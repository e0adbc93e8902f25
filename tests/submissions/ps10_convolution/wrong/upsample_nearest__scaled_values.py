"""Divides by the number of copies.

Fails: every pixel becomes a square
Fails: channels and samples come along
Fails: no loop over the batch
Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1) / scale**2
