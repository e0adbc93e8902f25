"""Both are made columns: the result is (n, 1) always.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
"""


def squared_loss(y_hat, y):
    return (y_hat.reshape(-1, 1) - y.reshape(-1, 1)) ** 2 / 2
