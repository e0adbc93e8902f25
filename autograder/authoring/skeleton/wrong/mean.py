"""Mean instead of sum.

Fails: equals the reference
Fails: keeps the dtype of its input
"""


def scale_rows(X):
    return X / X.abs().mean(dim=1, keepdim=True)
