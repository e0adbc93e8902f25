"""A root that is smooth at 0: not the absolute value.

Fails: is the size of the error, one loss a sample, labels (n,) or (n, 1)
"""


def l1_loss(y_hat, y):
    return torch.sqrt((y_hat - y.reshape(y_hat.shape)) ** 2 + 1e-3)
