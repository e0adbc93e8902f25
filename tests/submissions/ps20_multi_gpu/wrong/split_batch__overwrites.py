"""Sorts the batch in place first: the caller's batch is changed.

Fails: every sample is in exactly one shard, in order
Fails: keeps dtypes, and leaves the batch as it is
"""


def split_batch(X, y, devices):
    n = len(devices)
    order = torch.arange(len(X) - 1, -1, -1, device=X.device)
    X.copy_(X[order])
    y.copy_(y[order])
    cut = lambda T: [t.to(d) for t, d in zip(T.tensor_split(n), devices)]
    return cut(X), cut(y)
