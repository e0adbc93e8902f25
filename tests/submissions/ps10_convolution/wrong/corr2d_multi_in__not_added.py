"""Returns the maps of the channels on top of each other.

Fails: equals the definition
Says: the maps of the channels are given back one by one; they are added up
"""

def corr2d_multi_in(X, K):
    return torch.stack([corr2d(x, k) for x, k in zip(X, K)])
