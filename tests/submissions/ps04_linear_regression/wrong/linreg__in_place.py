"""Writes the products into X.

Fails: gradients are right
Fails: leaves its inputs unchanged
"""


def linreg(X, w, b):
    X *= w.reshape(-1)
    return X.sum(dim=1, keepdim=True) + b
