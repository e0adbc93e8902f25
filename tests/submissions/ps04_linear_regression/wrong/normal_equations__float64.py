"""The result stays in float64.

Fails: w and b have the smallest sum of squared errors
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    theta = torch.linalg.pinv(A) @ y.double().reshape(-1, 1)
    return theta[:-1], theta[-1]
