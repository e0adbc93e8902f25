"""-δ/2 is missing: the parts do not meet.

Fails: is half the square up to an error of delta and straight beyond, one loss a sample
Says: -δ/2 is missing
"""


def huber_loss(y_hat, y, delta=1.0):
    d = (y_hat - y.reshape(y_hat.shape)).abs()
    return torch.where(d > delta, delta * d, d**2 / 2)
