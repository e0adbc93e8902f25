"""Takes the matrix product.

Fails: *
"""

def add(X, Y):
    return X @ Y
