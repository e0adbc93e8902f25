"""PyTorch's own under another name.

Fails: *
"""

from torch import relu as _rectify

def relu(x):
    return _rectify(x)
