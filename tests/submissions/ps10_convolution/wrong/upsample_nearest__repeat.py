"""repeat lays whole copies side by side.

Fails: every pixel becomes a square
Says: whole copies are laid side by side (repeat); each pixel should become a square
"""

def upsample_nearest(X, scale):
    return X.repeat(*[1] * (X.dim() - 2), scale, scale)
