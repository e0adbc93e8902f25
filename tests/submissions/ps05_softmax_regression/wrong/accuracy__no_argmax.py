"""Compares probabilities with labels.

Fails: counts the right predictions of a batch
Fails: takes a batch of one
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    return (y_hat == y.reshape(-1, *[1] * (y_hat.ndim - 1))).sum().item()
