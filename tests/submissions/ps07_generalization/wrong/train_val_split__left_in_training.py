"""What validates is trained on as well.

Fails: the validation part has round(val_share · n) samples
Fails: all chance comes from the generator: the same state, the same split
Fails: every sample is in one of the two parts, and in one only
Says: as well
"""

def train_val_split(X, y, val_share, generator):
    val = torch.randperm(len(X), generator=generator)[: round(val_share * len(X))]
    return X.clone(), y.clone(), X[val], y[val]
