"""The mean loses its dimension: right for dim 0 of a matrix only.

Fails: works along any dim of any tensor
Fails: no loop over rows or columns
Fails: gradients flow through
"""

def standardize(X, dim):
    std = X.std(dim, correction=0)
    return torch.nan_to_num((X - X.mean(dim)) / std)
