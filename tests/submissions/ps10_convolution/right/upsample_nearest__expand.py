"""New dimensions, expand, reshape."""

def upsample_nearest(X, scale):
    *lead, h, w = X.shape
    big = X[..., :, None, :, None].expand(*lead, h, scale, w, scale)
    return big.reshape(*lead, h * scale, w * scale)
