"""PyTorch's own.

Fails: *
"""

def tanh(x):
    return torch.nn.Tanh()(x)
