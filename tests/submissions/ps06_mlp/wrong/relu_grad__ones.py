"""One everywhere.

Fails: *
Says: the slope is 1 on both sides
"""

def relu_grad(x):
    return torch.ones_like(x)
