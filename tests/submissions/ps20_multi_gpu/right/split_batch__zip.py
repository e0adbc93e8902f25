"""One zip over all, turned round at the end."""


def split_batch(X, y, devices):
    n = len(devices)
    pairs = [(a.to(d), b.to(d)) for a, b, d in zip(X.tensor_split(n), y.tensor_split(n), devices)]
    X_shards, y_shards = map(list, zip(*pairs))
    return X_shards, y_shards
