"""repeat lays whole copies side by side.

Fails: *
"""

def upsample_nearest(X, scale):
    return X.repeat(*[1] * (X.dim() - 2), scale, scale)
