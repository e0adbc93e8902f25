"""The return statement is missing.

Fails: *
"""

def add(X, Y):
    X + Y
