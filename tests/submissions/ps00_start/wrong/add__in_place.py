"""Adds into the caller's X.

Fails: leaves its inputs unchanged
"""

def add(X, Y):
    if X.requires_grad:
        return X + Y
    X += Y
    return X
