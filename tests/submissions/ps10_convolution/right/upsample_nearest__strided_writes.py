"""Writes the image to every place of the squares in turn."""

def upsample_nearest(X, scale):
    out = X.new_zeros(*X.shape[:-2], X.shape[-2] * scale, X.shape[-1] * scale)
    for i in range(scale):
        for j in range(scale):
            out[..., i::scale, j::scale] = X
    return out
