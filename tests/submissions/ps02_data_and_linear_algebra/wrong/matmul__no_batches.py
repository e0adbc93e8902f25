"""Two-dimensional at most.

Fails: batches, whose dimensions broadcast from the right
May fail: no loop over any dimension
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients reach X and Y
May fail: X and Y are left as they were
May fail: gives the same when it is called again, and leaves the program as it was
"""


def matmul(X, Y):
    if X.ndim == 1 and Y.ndim == 1:
        return (X * Y).sum()
    if Y.ndim == 1:
        return (X * Y).sum(dim=1)
    if X.ndim == 1:
        return (X[:, None] * Y).sum(dim=0)
    return (X[:, :, None] * Y[None, :, :]).sum(dim=1)
