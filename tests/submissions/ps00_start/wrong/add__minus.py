"""Subtracts: the mistake on purpose of section 3.

Fails: *
"""

def add(X, Y):
    return X - Y
