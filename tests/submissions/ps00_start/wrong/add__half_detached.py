"""Only X gets a gradient.

Fails: gradients reach both inputs
"""

def add(X, Y):
    return X + Y.data
