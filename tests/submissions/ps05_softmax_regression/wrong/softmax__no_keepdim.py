"""Forgets keepdim: an error for most shapes, wrong numbers for square ones.

Fails: *
"""

def softmax(X):
    E = torch.exp(X - X.amax(dim=1))
    return E / E.sum(dim=1)
