"""Shuffles the caller's X and y.

Fails: keeps dtypes and leaves X and y unchanged
"""

def train_val_split(X, y, val_share, generator):
    order = torch.randperm(len(X), generator=generator)
    n_val = round(val_share * len(X))
    X.copy_(X[order])
    y.copy_(y[order])
    return X[n_val:].clone(), y[n_val:].clone(), X[:n_val].clone(), y[:n_val].clone()
