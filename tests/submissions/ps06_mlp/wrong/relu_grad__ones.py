"""One everywhere.

Fails: *
"""

def relu_grad(x):
    return torch.ones_like(x)
