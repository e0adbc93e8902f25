"""Looks for the entry of the largest size, as if scores had no sign.

Fails: looks for the largest entry, whatever its size
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.abs().argmax(dim=1)
    return (y_hat == y).sum().item()
