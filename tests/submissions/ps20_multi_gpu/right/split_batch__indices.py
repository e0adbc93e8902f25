"""Splits the indices and picks copies."""


def split_batch(X, y, devices):
    parts = torch.arange(len(X), device=X.device).tensor_split(len(devices))
    X_shards = [X[rows].to(d) for rows, d in zip(parts, devices)]
    y_shards = [y[rows].to(d) for rows, d in zip(parts, devices)]
    return X_shards, y_shards
