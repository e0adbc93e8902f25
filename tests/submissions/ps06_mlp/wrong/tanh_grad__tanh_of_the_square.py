"""The square inside.

Fails: *
Says: the square is taken of x
"""

def tanh_grad(x):
    return 1 - torch.tanh(x**2)
