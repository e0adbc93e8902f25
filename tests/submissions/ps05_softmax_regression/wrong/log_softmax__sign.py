"""Returns minus the logarithm.

Fails: *
"""

def log_softmax(X):
    Z = X - X.amax(dim=1, keepdim=True)
    return Z.exp().sum(dim=1, keepdim=True).log() - Z
