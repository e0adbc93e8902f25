"""The result is (n,).

Fails: is Xw + b, one prediction a row
Says: the result is squeezed to (n,)
"""


def linreg(X, w, b):
    return (X @ w + b).squeeze(-1)
