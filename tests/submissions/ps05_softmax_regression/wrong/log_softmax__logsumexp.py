"""Leaves the stable sum to the library.

Fails: *
"""

def log_softmax(X):
    return X - X.logsumexp(dim=1, keepdim=True)
