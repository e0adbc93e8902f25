"""nn.HuberLoss.

Fails: is half the square up to an error of delta and straight beyond, one loss a sample
"""


def huber_loss(y_hat, y, delta=1.0):
    return nn.HuberLoss(reduction="none", delta=delta)(y_hat, y.reshape(y_hat.shape))
