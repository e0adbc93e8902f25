"""The slope at 0 everywhere.

Fails: *
Says: it is 1 everywhere
"""

def tanh_grad(x):
    return torch.ones_like(x)
