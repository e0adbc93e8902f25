"""In place, but what is returned is a copy.

Fails: returns X itself
"""

def add_in_place(X, Y):
    X += Y
    return X.clone()
