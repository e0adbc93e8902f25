"""Divides by the sum over everything.

Fails: *
"""

def softmax(X):
    E = torch.exp(X - X.max())
    return E / E.sum()
