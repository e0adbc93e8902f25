"""PyTorch's own cdist.

Fails: *
"""

def pairwise_distances(X, Y):
    return torch.cdist(X, Y)
