"""The graph is cut.

Fails: gradients flow through
"""

def standardize(X, dim):
    X = X.detach()
    std = X.std(dim, correction=0, keepdim=True)
    return (X - X.mean(dim, keepdim=True)) / std.masked_fill(std == 0, 1)
