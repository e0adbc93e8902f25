"""The same with set_.

Fails: X keeps its storage
"""

def add_in_place(X, Y):
    X.set_(X + Y)
    return X
