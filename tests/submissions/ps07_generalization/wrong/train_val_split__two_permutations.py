"""One permutation for X and another for y.

Fails: each sample keeps its label
Says: beside the label of another
"""

def train_val_split(X, y, val_share, generator):
    n, n_val = len(X), round(val_share * len(X))
    a, b = torch.randperm(n, generator=generator), torch.randperm(n, generator=generator)
    return X[a[n_val:]], y[b[n_val:]], X[a[:n_val]], y[b[:n_val]]
