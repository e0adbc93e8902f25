"""A small penalty, so that there is always an inverse.

Fails: is the minimum itself, without a penalty, also for small features
Fails: keeps the dtype, and takes numbers in any memory order
"""


def normal_equations(X, y):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1).double()
    theta = torch.linalg.solve(A.T @ A + 1e-6 * torch.eye(A.shape[1], dtype=torch.float64), A.T @ y.double().reshape(-1, 1))
    return theta[:-1].to(X.dtype), theta[-1].to(X.dtype)
