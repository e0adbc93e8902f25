"""A tiny eps beside the standard deviation."""

def standardize(X, dim):
    m = X.mean(dim=dim, keepdim=True)
    s = X.std(dim=dim, unbiased=False, keepdim=True)
    return (X - m) / (s + 1e-9)
