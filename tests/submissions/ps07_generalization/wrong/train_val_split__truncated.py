"""int(val_share * n) cuts where round is asked for.

Fails: the validation part has round(val_share · n) samples
"""

def train_val_split(X, y, val_share, generator):
    n_val = int(val_share * len(X))
    order = torch.randperm(len(X), generator=generator)
    return X[order[n_val:]], y[order[n_val:]], X[order[:n_val]], y[order[:n_val]]
