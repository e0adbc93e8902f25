"""Sums over dim 0: columns are scaled.

Fails: equals the reference
Fails: keeps the dtype of its input
"""


def scale_rows(X):
    return X / X.abs().sum(dim=0, keepdim=True)
