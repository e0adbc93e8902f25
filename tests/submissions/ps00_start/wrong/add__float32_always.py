"""Casts to float32.

Fails: keeps the dtype of its inputs
Fails: gradients reach both inputs
"""

def add(X, Y):
    return X.float() + Y.float()
