"""Equal shards; what is left over is dropped.

Fails: every sample is in exactly one shard, in order
Fails: sizes differ by at most one, longer shards first
Fails: more devices than samples: the last shards are empty
"""


def split_batch(X, y, devices):
    size = len(X) // len(devices)
    cut = lambda T: [T[i * size : (i + 1) * size].to(d) for i, d in enumerate(devices)]
    return cut(X), cut(y)
