"""Returns the maps of the channels on top of each other.

Fails: *
"""

def corr2d_multi_in(X, K):
    return torch.stack([corr2d(x, k) for x, k in zip(X, K)])
