"""The zero is put in after the root: the slope at 0 has been computed.

Fails: the gradient is 0 where points are equal, never NaN
"""

def pairwise_distances(X, Y):
    squared = ((X[:, None] - Y) ** 2).sum(dim=2)
    return torch.where(squared == 0, torch.zeros_like(squared), squared.sqrt())
