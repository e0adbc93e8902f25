"""The program's generator is seeded with the generator's seed.

Fails: all chance comes from the generator: the same state, the same split
Fails: leaves the program's own random numbers alone
"""

def train_val_split(X, y, val_share, generator):
    torch.manual_seed(generator.initial_seed())
    order = torch.randperm(len(X))
    n_val = round(val_share * len(X))
    return X[order[n_val:]], y[order[n_val:]], X[order[:n_val]], y[order[:n_val]]
