"""λ for nλ.

Fails: is the exact minimum: the penalty is n λ, and the bias is free
Fails: the bias is not penalised: data far from 0
Fails: works with more features than samples, and with a single sample
Fails: takes labels (n, 1) as well as (n,)
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: λ stands where n λ belongs
"""

def ridge(X, y, lambd):
    y = y.reshape(-1, 1)
    Xc, yc = X - X.mean(0), y - y.mean()
    w = torch.linalg.solve(Xc.T @ Xc + lambd * torch.eye(X.shape[1], dtype=X.dtype), Xc.T @ yc)
    return w, y.mean() - X.mean(0) @ w
