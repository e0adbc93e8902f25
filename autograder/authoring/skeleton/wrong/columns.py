"""Sums over dim 0: columns are scaled.

Fails: equals the reference
Says: each column is divided by its own sum
"""


def scale_rows(X):
    return X / X.abs().sum(dim=0, keepdim=True)
