"""Cuts, and moves nothing.

Fails: each shard is on its device
"""


def split_batch(X, y, devices):
    return list(X.tensor_split(len(devices))), list(y.tensor_split(len(devices)))
