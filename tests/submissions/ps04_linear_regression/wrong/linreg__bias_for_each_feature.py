"""The bias is added inside the sum over the features.

Fails: is Xw + b, one prediction a row
Says: the bias is added once for every feature
"""


def linreg(X, w, b):
    return (X * w.T + b).sum(dim=1, keepdim=True)
