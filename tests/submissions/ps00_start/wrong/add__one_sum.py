"""Adds up all entries.

Fails: *
"""

def add(X, Y):
    return X.sum() + Y.sum()
