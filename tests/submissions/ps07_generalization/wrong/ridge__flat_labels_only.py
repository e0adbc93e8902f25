"""Works for labels (n,) only.

Fails: takes labels (n, 1) as well as (n,)
Fails: gives the same when it is called again, and leaves the program as it was
"""

def ridge(X, y, lambd):
    assert y.ndim == 1
    Xc, yc = X - X.mean(0), y - y.mean()
    w = torch.linalg.solve(Xc.T @ Xc + len(X) * lambd * torch.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc)
    return w.unsqueeze(1), (y.mean() - X.mean(0) @ w).reshape(1)
