"""Through PyTorch's sigmoid.

Fails: *
"""

def tanh(x):
    return 2 * torch.sigmoid(2 * x) - 1
