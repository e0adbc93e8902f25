"""Puts all shards on the first device.

Fails: each shard is on its device
"""


def split_batch(X, y, devices):
    n = len(devices)
    return [x.to(devices[0]) for x in X.tensor_split(n)], [t.to(devices[0]) for t in y.tensor_split(n)]
