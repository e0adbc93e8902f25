"""The factor 2 of a square without ½.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
"""


def linreg_gradients(X, y, w, b):
    error = 2 * (X @ w + b - y.reshape(-1, 1))
    return X.T @ error, error.sum(dim=0)
