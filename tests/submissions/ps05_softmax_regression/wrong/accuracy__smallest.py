"""Takes the smallest entry.

Fails: counts the right predictions of a batch
Fails: takes a batch of one
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmin(dim=1)
    return (y_hat == y).sum().item()
