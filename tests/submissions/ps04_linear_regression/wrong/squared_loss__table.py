"""Labels are not reshaped: every prediction meets every label.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
Says: broadcasting pairs every prediction with every label
"""


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2
