"""Returns X.

Fails: *
"""

def add(X, Y):
    return X
