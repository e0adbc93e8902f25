"""Returns its input.

Fails: *
"""

def softmax(X):
    return X
