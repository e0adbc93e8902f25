"""Computes the places of the cuts by hand."""


def split_batch(X, y, devices):
    n = len(devices)
    size, rest = divmod(X.shape[0], n)
    X_shards, y_shards, start = [], [], 0
    for i, device in enumerate(devices):
        stop = start + size + (1 if i < rest else 0)
        X_shards.append(X[start:stop].to(device))
        y_shards.append(y[start:stop].to(device))
        start = stop
    return X_shards, y_shards
