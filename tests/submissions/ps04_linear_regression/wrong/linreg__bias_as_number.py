"""b.item(): no gradient to the bias.

Fails: gradients are right
"""


def linreg(X, w, b):
    return X @ w + b.item()
