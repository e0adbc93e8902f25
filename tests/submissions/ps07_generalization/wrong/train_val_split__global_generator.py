"""The generator is not used.

Fails: all chance comes from the generator: the same state, the same split
Fails: leaves the program's own random numbers alone
Says: it moves on the random numbers of torch
"""

def train_val_split(X, y, val_share, generator):
    order = torch.randperm(len(X))
    n_val = round(val_share * len(X))
    return X[order[n_val:]], y[order[n_val:]], X[order[:n_val]], y[order[:n_val]]
