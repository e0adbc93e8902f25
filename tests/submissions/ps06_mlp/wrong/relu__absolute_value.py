"""Negative entries come back positive.

Fails: *
"""

def relu(x):
    return torch.where(x > 0, x, -x)
