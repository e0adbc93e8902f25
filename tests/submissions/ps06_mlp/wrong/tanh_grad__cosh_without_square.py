"""1 / cosh.

Fails: *
"""

def tanh_grad(x):
    return 1 / torch.cosh(x)
