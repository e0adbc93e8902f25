"""torch.zeros makes floats.

Fails: the result is int64
"""

def one_hot(y, num_classes):
    out = torch.zeros(len(y), num_classes, device=y.device)
    out[torch.arange(len(y), device=y.device), y] = 1
    return out
