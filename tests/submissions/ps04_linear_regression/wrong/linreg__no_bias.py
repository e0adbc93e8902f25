"""The bias is forgotten.

Fails: is Xw + b, one prediction a row
Says: the bias is left out
"""


def linreg(X, w, b):
    return X @ w
