"""Ones.

Fails: *
"""

def prelu_grad(x, alpha):
    return torch.ones_like(x)
