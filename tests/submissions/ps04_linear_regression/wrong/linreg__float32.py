"""Casts to float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def linreg(X, w, b):
    return X.float() @ w.float() + b.float()
