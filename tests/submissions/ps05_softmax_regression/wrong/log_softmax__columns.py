"""Sums over dim 0.

Fails: *
"""

def log_softmax(X):
    Z = X - X.amax(dim=0, keepdim=True)
    return Z - Z.exp().sum(dim=0, keepdim=True).log()
