"""Halves the error, not the square.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
"""


def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) / 2) ** 2
