"""Forgets the absolute value.

Fails: equals the reference
Says: the absolute values are missing
"""


def scale_rows(X):
    return X / X.sum(dim=1, keepdim=True)
