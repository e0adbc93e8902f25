"""Only for two devices.

Fails: every sample is in exactly one shard, in order
Fails: sizes differ by at most one, longer shards first
Fails: samples and labels are cut at the same places
Fails: more devices than samples: the last shards are empty
Fails: each shard is on its device
"""


def split_batch(X, y, devices):
    half = (len(X) + 1) // 2
    X_shards = [X[:half].to(devices[0]), X[half:].to(devices[-1])]
    return X_shards[: len(devices)], [y[:half].to(devices[0]), y[half:].to(devices[-1])][: len(devices)]
