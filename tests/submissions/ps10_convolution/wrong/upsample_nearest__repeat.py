"""repeat lays whole copies side by side.

Fails: every pixel becomes a square
Fails: channels and samples come along
Fails: no loop over the batch
Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    return X.repeat(*[1] * (X.dim() - 2), scale, scale)
