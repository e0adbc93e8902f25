"""Moves the samples only.

Fails: each shard is on its device
"""


def split_batch(X, y, devices):
    n = len(devices)
    return [x.to(d) for x, d in zip(X.tensor_split(n), devices)], list(y.tensor_split(n))
