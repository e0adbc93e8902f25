"""Detaches the sum, so that the gradient misses a term.

Fails: gradients are right
"""


def scale_rows(X):
    return X / X.abs().sum(dim=1, keepdim=True).detach()
