"""Starts the search for the largest entry at zero: negative scores are never found.

Fails: looks for the largest entry, whatever its size
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.clamp_min(0).argmax(dim=1)
    return (y_hat == y).sum().item()
