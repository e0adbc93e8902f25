"""Leaves the work to nn.Upsample.

Fails: *
"""

def upsample_nearest(X, scale):
    return nn.Upsample(scale_factor=scale)(X.reshape(1, -1, *X.shape[-2:])).reshape(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
