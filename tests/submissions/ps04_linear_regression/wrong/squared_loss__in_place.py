"""Subtracts the labels from the caller's predictions.

Fails: gradients are right
Fails: leaves its inputs unchanged
"""


def squared_loss(y_hat, y):
    y_hat -= y.reshape(y_hat.shape)
    return y_hat**2 / 2
