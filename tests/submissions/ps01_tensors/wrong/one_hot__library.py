"""PyTorch's own one_hot.

Fails: *
"""

def one_hot(y, num_classes):
    return torch.nn.functional.one_hot(y, num_classes)
