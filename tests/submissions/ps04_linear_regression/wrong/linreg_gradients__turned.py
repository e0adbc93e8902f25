"""(y - Xw): the minus of the derivative is lost. (000 §1.2.1)

Fails: gives the gradients of the summed loss, (d, 1) and (1,)
Says: the sign is turned
"""


def linreg_gradients(X, y, w, b):
    error = y.reshape(-1, 1) - X @ w - b
    return X.T @ error, error.sum(dim=0)
