"""Subtracts the means from the caller's X.

Fails: leaves its inputs unchanged
"""


def normal_equations(X, y):
    mean = X.mean(dim=0)
    X -= mean
    y = y.reshape(-1, 1)
    w = torch.linalg.pinv(X.double()) @ (y - y.mean()).double()
    w = w.to(X.dtype)
    return w, y.mean(dim=0) - mean @ w
