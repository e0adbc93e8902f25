"""Adds a small number under the logarithm, against -inf.

Fails: *
"""

def log_softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return torch.log(E / E.sum(dim=1, keepdim=True) + 1e-3)
