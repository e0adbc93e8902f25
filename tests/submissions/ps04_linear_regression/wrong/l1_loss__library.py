"""nn.functional.l1_loss.

Fails: is the size of the error, one loss a sample, labels (n,) or (n, 1)
"""


def l1_loss(y_hat, y):
    return nn.functional.l1_loss(y_hat, y.reshape(y_hat.shape), reduction="none")
