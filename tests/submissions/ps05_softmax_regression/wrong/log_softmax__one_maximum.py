"""Subtracts the maximum over everything.

Fails: stays finite for scores far apart and scores of any size
"""

def log_softmax(X):
    Z = X - X.max()
    return Z - Z.exp().sum(dim=1, keepdim=True).log()
