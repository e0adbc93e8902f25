"""Infinity by infinity at both ends.

Fails: stays finite for entries of any size, and so does its gradient
"""

def tanh(x):
    return torch.sinh(x) / torch.cosh(x)
