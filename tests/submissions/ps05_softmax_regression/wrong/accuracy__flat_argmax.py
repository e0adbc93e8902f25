"""Forgets dim: one argmax for the whole matrix.

Fails: counts the right predictions of a batch
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax()
    return (y_hat == y).sum().item()
