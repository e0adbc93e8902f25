"""X keeps its identity and gets new storage through .data.

Fails: X keeps its storage
"""

def add_in_place(X, Y):
    X.data = X + Y
    return X
