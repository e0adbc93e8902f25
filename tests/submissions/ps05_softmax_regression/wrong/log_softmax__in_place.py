"""Writes the shifted scores into the caller's tensor.

Fails: leaves its input unchanged
Fails: gradients are right
"""

def log_softmax(X):
    X.sub_(X.amax(dim=1, keepdim=True))
    return X - X.exp().sum(dim=1, keepdim=True).log()
