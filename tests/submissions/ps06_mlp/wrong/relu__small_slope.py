"""Lets a hundredth through on the negative side.

Fails: *
Says: a part of the negative side gets through
"""

def relu(x):
    return torch.where(x > 0, x, 0.01 * x)
