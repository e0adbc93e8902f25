"""tanh², without the 1.

Fails: *
Says: the 1 - is missing
"""

def tanh_grad(x):
    return torch.tanh(x) ** 2
