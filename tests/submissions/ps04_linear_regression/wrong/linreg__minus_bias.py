"""The bias is subtracted.

Fails: is Xw + b, one prediction a row
"""


def linreg(X, w, b):
    return X @ w - b
