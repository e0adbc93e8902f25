"""Marks the predictions by overwriting the caller's labels.

Fails: leaves its inputs unchanged
"""

def accuracy(y_hat, y):
    if y_hat.ndim == 2:
        y_hat = y_hat.argmax(dim=1)
    y.copy_((y_hat == y).to(y.dtype))
    return y.sum().item()
