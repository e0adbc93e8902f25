"""Batch dimensions are lined up from the left.

Fails: batches, whose dimensions broadcast from the right
"""


def matmul(X, Y):
    if X.ndim == 1 and Y.ndim == 1:
        return (X * Y).sum()
    if Y.ndim == 1:
        return (X * Y).sum(dim=-1)
    if X.ndim == 1:
        return (X[:, None] * Y).sum(dim=-2)
    while X.ndim < Y.ndim:
        X = X.unsqueeze(X.ndim - 2)
    while Y.ndim < X.ndim:
        Y = Y.unsqueeze(Y.ndim - 2)
    return (X[..., None] * Y[..., None, :, :]).sum(dim=-2)
