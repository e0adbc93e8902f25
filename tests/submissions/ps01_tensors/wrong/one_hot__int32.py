"""Whole numbers of the wrong size.

Fails: the result is int64
"""

def one_hot(y, num_classes):
    return (y[:, None] == torch.arange(num_classes, device=y.device)).int()
