"""A convolution with kernels of one pixel.

Fails: matrix times matrix
Says: write it yourself
May fail: batches, whose dimensions broadcast from the right
May fail: whole numbers too, and sums of nothing are 0
May fail: vector times vector, matrix times vector, vector times matrix
May fail: X and Y are left as they were
May fail: gives the same when it is called again, and leaves the program as it was
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients reach X and Y
May fail: no loop over any dimension
"""


def matmul(X, Y):
    A = X[None, :] if X.ndim == 1 else X
    B = Y[:, None] if Y.ndim == 1 else Y
    if A.ndim == 2 and B.ndim == 2 and A.shape[1] and A.is_floating_point():
        Z = torch.nn.functional.conv1d(A.T[None], B.T[:, :, None])[0].T
    else:
        Z = (A[..., :, :, None] * B[..., None, :, :]).sum(dim=-2)
    if X.ndim == 1:
        Z = Z[..., 0, :]
    return Z[..., 0] if Y.ndim == 1 else Z
