"""Writes into a float32 tensor.

Fails: the result has the dtype of X
"""

def upsample_nearest(X, scale):
    out = torch.zeros(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
    for i in range(scale):
        for j in range(scale):
            out[..., i::scale, j::scale] = X
    return out
