"""The inverse, in float64: fine but for columns that depend on each other.

Fails: predicts well where columns depend on each other
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    theta = torch.linalg.inv(A.T @ A) @ A.T @ y.double().reshape(-1, 1)
    return theta[:-1].to(X.dtype), theta[-1].to(X.dtype)
