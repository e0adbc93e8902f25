"""The slope at 0 everywhere.

Fails: *
"""

def tanh_grad(x):
    return torch.ones_like(x)
