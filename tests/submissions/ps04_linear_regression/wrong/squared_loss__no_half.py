"""No factor ½. (003 §3)

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
Says: the factor ½ is missing
"""


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2
