"""nn.MSELoss, halved.

Fails: is half the square of the error, one loss a sample, labels (n,) or (n, 1)
"""


def squared_loss(y_hat, y):
    return nn.MSELoss(reduction="none")(y_hat, y.reshape(y_hat.shape)) / 2
