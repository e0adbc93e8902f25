"""Negative entries come back positive.

Fails: *
Says: negative entries come back positive
"""

def relu(x):
    return torch.where(x > 0, x, -x)
