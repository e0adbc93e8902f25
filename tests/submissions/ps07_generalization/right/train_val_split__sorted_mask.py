"""Random keys, and a mask: rows keep their order inside the parts."""

def train_val_split(X, y, val_share, generator):
    keys = torch.rand(len(X), generator=generator, dtype=torch.float64)
    val = torch.zeros(len(X), dtype=torch.bool)
    val[keys.argsort()[: round(val_share * len(X))]] = True
    val = val.to(X.device)
    return X[~val], y[~val], X[val], y[val]
