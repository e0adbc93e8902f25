"""The result is detached.

Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    return X.detach().repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1)
