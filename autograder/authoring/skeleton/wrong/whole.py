"""Divides by the sum over everything.

Fails: equals the reference
Says: everything is divided by one sum
"""


def scale_rows(X):
    return X / X.abs().sum()
