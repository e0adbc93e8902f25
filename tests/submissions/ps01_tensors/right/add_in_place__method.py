"""The method with the underscore, whose result is X."""

def add_in_place(X, Y):
    return X.add_(Y)
