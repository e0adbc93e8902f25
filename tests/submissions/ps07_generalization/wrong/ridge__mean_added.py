"""A plus for a minus in the bias.

Fails: *
Says: plus, not minus
"""

def ridge(X, y, lambd):
    y = y.reshape(-1, 1)
    Xc, yc = X - X.mean(0), y - y.mean()
    w = torch.linalg.solve(Xc.T @ Xc + len(X) * lambd * torch.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc)
    return w, y.mean() + X.mean(0) @ w
