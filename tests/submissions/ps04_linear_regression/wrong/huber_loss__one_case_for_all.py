"""Looks at the largest error and treats all alike.

Fails: is half the square up to an error of delta and straight beyond, one loss a sample
"""


def huber_loss(y_hat, y, delta=1.0):
    d = (y_hat - y.reshape(y_hat.shape)).abs()
    if d.max() > delta:
        return delta * (d - delta / 2)
    return d**2 / 2
