"""squeeze() at the end.

Fails: matrix times matrix
Says: dimensions of size 1 are lost
May fail: vector times vector, matrix times vector, vector times matrix
May fail: batches, whose dimensions broadcast from the right
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients reach X and Y
May fail: X and Y are left as they were
May fail: gives the same when it is called again, and leaves the program as it was
May fail: no loop over any dimension
"""


def matmul(X, Y):
    A = X[None, :] if X.ndim == 1 else X
    B = Y[:, None] if Y.ndim == 1 else Y
    return (A[..., :, :, None] * B[..., None, :, :]).sum(dim=-2).squeeze()
