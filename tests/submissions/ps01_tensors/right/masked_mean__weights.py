"""Weights that add up to one, on zeros outside the mask."""

def masked_mean(X, mask):
    m = mask.to(X.dtype)
    weights = m / torch.maximum(m.sum(1, keepdim=True), torch.ones_like(m[:, :1]))
    return (torch.where(mask, X, 0) * weights).sum(1)
