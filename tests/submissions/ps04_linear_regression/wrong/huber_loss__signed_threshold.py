"""Compares the error itself with delta.

Fails: is half the square up to an error of delta and straight beyond, one loss a sample
Says: the error, and not its size, is compared with delta
"""


def huber_loss(y_hat, y, delta=1.0):
    d = y_hat - y.reshape(y_hat.shape)
    return torch.where(d > delta, delta * (d.abs() - delta / 2), d**2 / 2)
