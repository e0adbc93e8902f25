"""Centers the caller's X.

Fails: leaves its inputs unchanged
"""

def ridge(X, y, lambd):
    y = y.reshape(-1, 1)
    x_mean = X.mean(0)
    X -= x_mean
    w = torch.linalg.solve(X.T @ X + len(X) * lambd * torch.eye(X.shape[1], dtype=X.dtype), X.T @ (y - y.mean()))
    return w, y.mean() - x_mean @ w
