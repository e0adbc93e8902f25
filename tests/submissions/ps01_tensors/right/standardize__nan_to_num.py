"""0/0 becomes NaN, and NaN becomes 0."""

def standardize(X, dim):
    Z = X - X.mean(dim=dim, keepdims=True)
    Z = Z / torch.sqrt(torch.mean(Z * Z, dim=dim, keepdims=True))
    return torch.nan_to_num(Z)
