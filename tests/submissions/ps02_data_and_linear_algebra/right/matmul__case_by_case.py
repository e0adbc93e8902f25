"""The four cases one by one."""


def matmul(X, Y):
    if X.dim() == 1 and Y.dim() == 1:
        return (X * Y).sum()
    if Y.dim() == 1:
        return (X * Y).sum(dim=-1)
    if X.dim() == 1:
        return (X[:, None] * Y).sum(dim=-2)
    return (X[..., None] * Y[..., None, :, :]).sum(dim=-2)
