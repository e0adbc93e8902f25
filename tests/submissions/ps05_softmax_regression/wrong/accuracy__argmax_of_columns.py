"""Takes the argmax over the samples.

Fails: counts the right predictions of a batch
Fails: takes a batch of one
Fails: looks for the largest entry, whatever its size
Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax(dim=0)
    return (y_hat == y).sum().item()
