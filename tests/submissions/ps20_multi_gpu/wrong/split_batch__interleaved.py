"""Deals the samples out like cards: the order is lost.

Fails: every sample is in exactly one shard, in order
"""


def split_batch(X, y, devices):
    n = len(devices)
    return [X[i::n].to(d) for i, d in enumerate(devices)], [y[i::n].to(d) for i, d in enumerate(devices)]
