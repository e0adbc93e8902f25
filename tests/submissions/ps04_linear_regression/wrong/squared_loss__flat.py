"""Both are made flat: the result is (n,) always.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
"""


def squared_loss(y_hat, y):
    return (y_hat.reshape(-1) - y.reshape(-1)) ** 2 / 2
