"""Right sum, but Y is emptied on the way.

Fails: Y is left as it was
"""

def add_in_place(X, Y):
    X += Y
    Y.zero_()
    return X
