"""The unit matrix in float32: fails for float64.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def ridge(X, y, lambd):
    y = y.reshape(-1, 1)
    Xc, yc = X - X.mean(0), y - y.mean()
    A = (Xc.T @ Xc).float() + len(X) * lambd * torch.eye(X.shape[1])
    w = torch.linalg.solve(A, (Xc.T @ yc).float())
    return w.to(X.dtype), y.mean() - X.mean(0) @ w.to(X.dtype)
