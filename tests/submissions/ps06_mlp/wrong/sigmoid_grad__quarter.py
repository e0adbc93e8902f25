"""The slope at 0 everywhere.

Fails: *
Says: it is 1/4 everywhere
"""

def sigmoid_grad(x):
    return torch.full_like(x, 0.25)
