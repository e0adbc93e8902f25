"""Takes for the prediction the class with a probability above one half.

Fails: counts the right predictions of a batch
Fails: takes a batch of one
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 1:
        return (y_hat == y).sum().item()
    return (y_hat[range(len(y)), y] > 0.5).sum().item()
