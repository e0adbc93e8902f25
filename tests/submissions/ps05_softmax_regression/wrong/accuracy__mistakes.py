"""Counts the wrong ones.

Fails: *
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat != y).sum().item()
