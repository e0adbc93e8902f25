"""The bias is left out of the prediction.

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
Says: the bias is left out
"""


def linreg_gradients(X, y, w, b):
    error = X @ w - y.reshape(-1, 1)
    return X.T @ error, error.sum(dim=0)
