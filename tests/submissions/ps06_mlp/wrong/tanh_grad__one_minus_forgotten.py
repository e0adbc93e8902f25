"""tanh², without the 1.

Fails: *
"""

def tanh_grad(x):
    return torch.tanh(x) ** 2
