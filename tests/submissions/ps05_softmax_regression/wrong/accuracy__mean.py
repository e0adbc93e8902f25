"""Returns the share. (001)

Fails: counts the right predictions of a batch
Fails: takes predicted labels as well
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat == y).float().mean().item()
