"""Puts zeros between the pixels.

Fails: every pixel becomes a square
Fails: channels and samples come along
Fails: no loop over the batch
Fails: gradients flow back to X
"""

def upsample_nearest(X, scale):
    out = X.new_zeros(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
    out[..., ::scale, ::scale] = X
    return out
