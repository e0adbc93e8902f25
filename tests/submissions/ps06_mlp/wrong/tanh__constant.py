"""Zeros.

Fails: *
"""

def tanh(x):
    return torch.zeros_like(x)
