"""torch.utils.data.random_split does the work."""

def train_val_split(X, y, val_share, generator):
    n_val = round(val_share * len(X))
    data = torch.utils.data.TensorDataset(X, y)
    train, val = torch.utils.data.random_split(data, [len(X) - n_val, n_val], generator=generator)
    return [*train[:], *val[:]]
