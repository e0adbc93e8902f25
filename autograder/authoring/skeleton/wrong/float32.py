"""Always returns float32.

Fails: keeps the dtype of its input
Fails: gradients are right
"""


def scale_rows(X):
    return (X / X.abs().sum(dim=1, keepdim=True)).float()
