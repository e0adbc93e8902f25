"""Lets a hundredth through on the negative side.

Fails: *
"""

def relu(x):
    return torch.where(x > 0, x, 0.01 * x)
