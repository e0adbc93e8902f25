"""Exponentials that overflow: NaN at 1000.

Fails: stays finite for entries of any size
"""

def tanh_grad(x):
    e = torch.exp(2 * x)
    return 4 * e / (e + 1) ** 2
