"""The square inside.

Fails: *
"""

def tanh_grad(x):
    return 1 - torch.tanh(x**2)
