"""The column of ones is penalised with all others.

Fails: *
Says: the bias is penalised as well
"""

def ridge(X, y, lambd):
    n, d = X.shape
    A = torch.cat([X, torch.ones(n, 1, dtype=X.dtype)], dim=1)
    theta = torch.linalg.solve(A.T @ A + n * lambd * torch.eye(d + 1, dtype=X.dtype), A.T @ y.reshape(-1, 1))
    return theta[:-1], theta[-1]
