"""PyTorch's own in torch.special.

Fails: *
"""

def sigmoid(x):
    return torch.special.expit(x)
