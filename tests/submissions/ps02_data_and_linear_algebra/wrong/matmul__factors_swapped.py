"""Y @ x for x @ Y.

Fails: vector times vector, matrix times vector, vector times matrix
May fail: batches, whose dimensions broadcast from the right
"""


def matmul(X, Y):
    if X.ndim == 1 and Y.ndim == 1:
        return (X * Y).sum()
    if Y.ndim == 1:
        return (X * Y).sum(dim=-1)
    if X.ndim == 1:
        return (Y * X).sum(dim=-1)
    return (X[..., None] * Y[..., None, :, :]).sum(dim=-2)
