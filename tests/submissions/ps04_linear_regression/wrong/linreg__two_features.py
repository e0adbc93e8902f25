"""Two features by hand, as the second set of notes makes its labels.

Fails: is Xw + b, one prediction a row
"""


def linreg(X, w, b):
    return (w[0] * X[:, 0] + w[1] * X[:, 1] + b).reshape(-1, 1)
