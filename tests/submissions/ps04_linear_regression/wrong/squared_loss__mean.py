"""The mean over the samples.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
Says: the mean over the samples is taken
"""


def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) ** 2 / 2).mean()
