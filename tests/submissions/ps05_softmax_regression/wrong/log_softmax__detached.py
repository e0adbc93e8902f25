"""Detaches the result.

Fails: gradients are right
"""

def log_softmax(X):
    Z = X.detach() - X.detach().amax(dim=1, keepdim=True)
    return Z - Z.exp().sum(dim=1, keepdim=True).log()
