"""Both parts are drawn from all samples.

Fails: every sample is in one of the two parts, and in one only
"""

def train_val_split(X, y, val_share, generator):
    n, n_val = len(X), round(val_share * len(X))
    train = torch.randperm(n, generator=generator)[: n - n_val]
    val = torch.randperm(n, generator=generator)[:n_val]
    return X[train], y[train], X[val], y[val]
