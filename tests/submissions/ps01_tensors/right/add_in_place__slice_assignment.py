"""Writes the sum into a slice that covers all of X."""

def add_in_place(X, Y):
    X[:] = X + Y
    return X
