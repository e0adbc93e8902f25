"""One sample after the other.

Fails: no loop over the batch
"""

def upsample_nearest(X, scale):
    if X.dim() > 2:
        return torch.stack([upsample_nearest(x, scale) for x in X])
    return X.repeat_interleave(scale, dim=-2).repeat_interleave(scale, dim=-1)
