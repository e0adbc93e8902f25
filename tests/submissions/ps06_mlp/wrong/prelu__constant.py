"""Zeros.

Fails: *
"""

def prelu(x, alpha):
    return torch.zeros_like(x)
