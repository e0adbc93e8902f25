"""A generator of its own, always with the same seed.

Fails: the rows are chosen at random, each with the same chance
Fails: all chance comes from the generator: the same state, the same split
"""

def train_val_split(X, y, val_share, generator):
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(42))
    n_val = round(val_share * len(X))
    return X[order[n_val:]], y[order[n_val:]], X[order[:n_val]], y[order[:n_val]]
