"""Mean instead of sum.

Fails: equals the reference
Says: as if the mean were taken where the sum belongs
"""


def scale_rows(X):
    return X / X.abs().mean(dim=1, keepdim=True)
