"""Training first, by Python lists; the last of the permutation validate."""

def train_val_split(X, y, val_share, generator):
    n = X.shape[0]
    n_train = n - round(n * val_share)
    order = torch.randperm(n, generator=generator).tolist()
    train, val = order[:n_train], order[n_train:]
    return X[train], y[train], X[val], y[val]
