"""Cuts the size of the error off, and needs no condition."""


def huber_loss(y_hat, y, delta=1.0):
    size = (y_hat - y.reshape(y_hat.shape)).abs()
    inner = size.clamp(max=delta)
    return inner * (size - inner / 2)
