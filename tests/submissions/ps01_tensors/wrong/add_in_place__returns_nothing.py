"""The return statement is missing.

Fails: returns X itself
"""

def add_in_place(X, Y):
    X += Y
