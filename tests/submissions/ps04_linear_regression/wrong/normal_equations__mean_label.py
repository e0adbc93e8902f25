"""b is the mean label.

Fails: w and b have the smallest sum of squared errors
Says: the bias is the mean label
"""


def normal_equations(X, y):
    y = y.double().reshape(-1, 1)
    Xc = X.double() - X.double().mean(dim=0)
    w = torch.linalg.pinv(Xc) @ (y - y.mean())
    return w.to(X.dtype), y.mean(dim=0).to(X.dtype)
