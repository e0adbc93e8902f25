"""Adds a small number to the denominator: rows add up to a little less than one.

Fails: *
"""

def softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / (E.sum(dim=1, keepdim=True) + 1e-3)
