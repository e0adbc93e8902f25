"""Labels are not reshaped, and the table is summed up until the shapes fit.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
"""


def linreg_gradients(X, y, w, b):
    error = (X @ w + b - y).sum(dim=1, keepdim=True)
    return X.T @ error, error.sum(dim=0)
