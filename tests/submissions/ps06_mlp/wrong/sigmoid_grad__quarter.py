"""The slope at 0 everywhere.

Fails: *
"""

def sigmoid_grad(x):
    return torch.full_like(x, 0.25)
