"""Takes the logarithm to the base two.

Fails: *
"""

def log_softmax(X):
    Z = X - X.amax(dim=1, keepdim=True)
    return Z - Z.exp().sum(dim=1, keepdim=True).log2()
