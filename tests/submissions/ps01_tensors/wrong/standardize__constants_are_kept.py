"""Constant columns come back as they were.

Fails: where all numbers are equal the result is 0
"""

def standardize(X, dim):
    mean, std = X.mean(dim, keepdim=True), X.std(dim, correction=0, keepdim=True)
    return torch.where(std == 0, X, (X - mean) / std)
