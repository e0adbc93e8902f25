"""Reads the memory of X as if it were always row by row.

Fails: keeps the dtype, and takes scores in any memory order
"""

def log_softmax(X):
    n, k = X.shape
    Z = torch.as_strided(X, (n, k), (k, 1))
    Z = Z - Z.amax(dim=1, keepdim=True)
    return Z - Z.exp().sum(dim=1, keepdim=True).log()
