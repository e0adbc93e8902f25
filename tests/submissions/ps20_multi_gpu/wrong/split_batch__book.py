"""nn.parallel.scatter, which needs GPUs, and `device` for `devices`, as in the notes. (000 §3.2.2)

Fails: *
"""

from torch import nn


def split_batch(X, y, devices):
    assert X.shape[0] == y.shape[0]
    return (nn.parallel.scatter(X, devices), nn.parallel.scatter(y, device))
