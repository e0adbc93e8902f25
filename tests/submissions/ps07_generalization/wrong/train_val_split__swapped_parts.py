"""Validation first.

Fails: the validation part has round(val_share · n) samples
Fails: all chance comes from the generator: the same state, the same split
Fails: the rows are chosen at random, each with the same chance
"""

def train_val_split(X, y, val_share, generator):
    order = torch.randperm(len(X), generator=generator)
    n_val = round(val_share * len(X))
    return X[order[:n_val]], y[order[:n_val]], X[order[n_val:]], y[order[n_val:]]
