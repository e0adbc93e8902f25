"""The variance as E[x²] − E[x]², which cancels when the mean is large.

Fails: a large mean does no harm
"""

def standardize(X, dim):
    mean = X.mean(dim, keepdim=True)
    var = ((X**2).mean(dim, keepdim=True) - mean**2).clamp(min=0)
    return torch.where(var <= 1e-12, 0.0, (X - mean) / var.sqrt())
