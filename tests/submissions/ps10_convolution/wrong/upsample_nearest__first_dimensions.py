"""Repeats along dimensions 0 and 1.

Fails: channels and samples come along
Fails: no loop over the batch
Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    return X.repeat_interleave(scale, dim=0).repeat_interleave(scale, dim=1)
