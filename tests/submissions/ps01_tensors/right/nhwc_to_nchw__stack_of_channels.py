"""A loop over the channels."""

def nhwc_to_nchw(X):
    return torch.stack([X[..., c] for c in range(X.size(-1))], dim=1)
