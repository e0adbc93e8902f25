"""Returns zero.

Fails: *
"""

def accuracy(y_hat, y):
    return 0
