"""Forgets the absolute value.

Fails: equals the reference
Fails: keeps the dtype of its input
"""


def scale_rows(X):
    return X / X.sum(dim=1, keepdim=True)
