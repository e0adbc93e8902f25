"""Leaves the work to F.interpolate.

Fails: *
"""

def upsample_nearest(X, scale):
    return F.interpolate(X.reshape(1, -1, *X.shape[-2:]), scale_factor=scale, mode="nearest").reshape(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
