"""Hangs the name X on a new tensor; the caller's X stays as it was.

Fails: X holds the sum afterwards
Fails: X keeps its storage
Fails: returns X itself
"""

def add_in_place(X, Y):
    X = X + Y
    return X
