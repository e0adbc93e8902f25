"""Means, where sums belong.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
Says: the mean over the batch is taken
"""


def linreg_gradients(X, y, w, b):
    error = X @ w + b - y.reshape(-1, 1)
    return X.T @ error / len(X), error.mean(dim=0)
