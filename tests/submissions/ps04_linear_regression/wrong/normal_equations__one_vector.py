"""Gives w and b in one.

Fails: w and b have the smallest sum of squared errors
Fails: predicts well from features near 2000, in float32
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    return (torch.linalg.pinv(A) @ y.double().reshape(-1, 1)).to(X.dtype)
