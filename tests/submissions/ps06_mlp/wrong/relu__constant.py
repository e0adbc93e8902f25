"""Zeros.

Fails: *
"""

def relu(x):
    return torch.zeros_like(x)
