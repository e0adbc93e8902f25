"""Computes in float64 with sums, by moving dim to the front."""

def standardize(X, dim):
    Z = X.double().movedim(dim, 0)
    n = Z.shape[0]
    Z = Z - Z.sum(0) / n
    variance = (Z**2).sum(0) / n
    variance = torch.where(variance > 0, variance, torch.ones_like(variance))
    return (Z / variance**0.5).movedim(0, dim).to(X.dtype)
