"""No bias at all.

Fails: *
Says: there is no bias
"""

def ridge(X, y, lambd):
    y = y.reshape(-1, 1)
    w = torch.linalg.solve(X.T @ X + len(X) * lambd * torch.eye(X.shape[1], dtype=X.dtype), X.T @ y)
    return w, torch.zeros(1, dtype=X.dtype)
