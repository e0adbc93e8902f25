"""The dtype changes.

Fails: a small spread becomes variance 1 too
Fails: right for float64 too, which stays float64
Fails: gradients flow through
"""

def standardize(X, dim):
    X = X.float()
    std = X.std(dim, correction=0, keepdim=True)
    return (X - X.mean(dim, keepdim=True)) / std.masked_fill(std == 0, 1)
