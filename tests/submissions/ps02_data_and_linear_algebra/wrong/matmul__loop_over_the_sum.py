"""A loop over n, one outer product a time.

Fails: no loop over any dimension
May fail: whole numbers too, and sums of nothing are 0
"""


def matmul(X, Y):
    A = X[None, :] if X.ndim == 1 else X
    B = Y[:, None] if Y.ndim == 1 else Y
    Z = sum(A[..., :, i, None] * B[..., None, i, :] for i in range(A.shape[-1]))
    if X.ndim == 1:
        Z = Z[..., 0, :]
    return Z[..., 0] if Y.ndim == 1 else Z
