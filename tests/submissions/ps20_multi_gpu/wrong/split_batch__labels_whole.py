"""Every device gets all labels.

Fails: samples and labels are cut at the same places
Fails: more devices than samples: the last shards are empty
"""


def split_batch(X, y, devices):
    return [x.to(d) for x, d in zip(X.tensor_split(len(devices)), devices)], [y.clone().to(d) for d in devices]
