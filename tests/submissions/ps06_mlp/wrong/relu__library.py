"""PyTorch's own.

Fails: *
"""

def relu(x):
    return torch.nn.functional.relu(x)
