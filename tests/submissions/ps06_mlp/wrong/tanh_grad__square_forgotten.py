"""1 - tanh.

Fails: *
Says: the square is missing
"""

def tanh_grad(x):
    return 1 - torch.tanh(x)
