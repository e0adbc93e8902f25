"""Divides by the sum over everything.

Fails: equals the reference
Fails: keeps the dtype of its input
"""


def scale_rows(X):
    return X / X.abs().sum()
