"""Labels are not reshaped.

Fails: is the size of the error, one loss a sample, labels (n,) or (n, 1)
Says: broadcasting pairs every prediction with every label
"""


def l1_loss(y_hat, y):
    return (y_hat - y).abs()
