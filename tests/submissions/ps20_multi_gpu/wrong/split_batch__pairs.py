"""Returns one pair a device, and not two lists.

Fails: *
"""


def split_batch(X, y, devices):
    n = len(devices)
    return [(x.to(d), t.to(d)) for x, t, d in zip(X.tensor_split(n), y.tensor_split(n), devices)]
