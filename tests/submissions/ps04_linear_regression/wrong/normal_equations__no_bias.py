"""No column of ones; b is 0.

Fails: w and b have the smallest sum of squared errors
Says: there is no bias
"""


def normal_equations(X, y):
    w = torch.linalg.pinv(X.double()) @ y.double().reshape(-1, 1)
    return w.to(X.dtype), torch.zeros(1, dtype=X.dtype)
