"""A tiny eps beside the count."""

def masked_mean(X, mask):
    X = X.clone()
    X[~mask] = 0
    return X.sum(dim=1) / (mask.sum(dim=1) + 1e-8)
