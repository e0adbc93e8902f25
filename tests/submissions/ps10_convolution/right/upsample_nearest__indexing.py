"""Rows and columns by integer division."""

def upsample_nearest(X, scale):
    rows = torch.arange(X.shape[-2] * scale, device=X.device) // scale
    cols = torch.arange(X.shape[-1] * scale, device=X.device) // scale
    return X[..., rows, :][..., cols]
