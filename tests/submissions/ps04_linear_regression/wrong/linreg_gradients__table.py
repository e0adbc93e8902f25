"""Labels are not reshaped.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
"""


def linreg_gradients(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error, error.sum(dim=0)
