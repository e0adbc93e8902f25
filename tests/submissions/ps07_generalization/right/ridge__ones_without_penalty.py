"""A column of ones whose entry of the penalty is 0."""

def ridge(X, y, lambd):
    n, d = X.shape
    A = torch.cat([X, torch.ones(n, 1)], dim=1).double()
    P = torch.diag(torch.tensor([n * lambd] * d + [0.0], dtype=torch.float64))
    theta = torch.linalg.inv(A.T @ A + P) @ A.T @ y.reshape(-1, 1).double()
    return theta[:-1].to(X.dtype), theta[-1].to(X.dtype)
