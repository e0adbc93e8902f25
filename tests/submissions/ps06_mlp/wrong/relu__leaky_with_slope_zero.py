"""A relative of PyTorch's.

Fails: *
"""

def relu(x):
    return torch.nn.LeakyReLU(0.0)(x)
