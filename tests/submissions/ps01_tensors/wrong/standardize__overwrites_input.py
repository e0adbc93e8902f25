"""Subtracts the mean in place.

Fails: X is left as it was
"""

def standardize(X, dim):
    Z = X - X.mean(dim, keepdim=True)
    with torch.no_grad():
        X.copy_(Z)
    std = Z.std(dim, correction=0, keepdim=True)
    return Z / std.masked_fill(std == 0, 1)
