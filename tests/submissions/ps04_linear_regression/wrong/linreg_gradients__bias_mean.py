"""db is a mean.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
"""


def linreg_gradients(X, y, w, b):
    error = X @ w + b - y.reshape(-1, 1)
    return X.T @ error, error.mean(dim=0)
