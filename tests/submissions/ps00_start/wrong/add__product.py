"""Multiplies.

Fails: *
"""

def add(X, Y):
    return X * Y
