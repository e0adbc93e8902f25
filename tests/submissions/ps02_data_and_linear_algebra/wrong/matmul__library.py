"""@.

Fails: *
Says: write it yourself
"""


def matmul(X, Y):
    return X @ Y
