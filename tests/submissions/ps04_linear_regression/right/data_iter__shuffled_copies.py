"""Shuffles copies of both, then cuts them."""


def data_iter(batch_size, features, labels):
    perm = torch.randperm(features.shape[0])
    X, y = features[perm], labels[perm]
    start = 0
    while start < X.shape[0]:
        yield X[start : start + batch_size], y[start : start + batch_size]
        start += batch_size
