"""Vectors by way of matrices, recursively."""


def matmul(X, Y):
    if X.ndim == 1:
        return matmul(X.reshape(1, -1), Y)[..., 0, :] if Y.ndim > 1 else matmul(X.reshape(1, -1), Y)[0]
    if Y.ndim == 1:
        return matmul(X, Y.reshape(-1, 1))[..., 0]
    products = X.unsqueeze(-1) * Y.unsqueeze(-3)
    return products.sum(dim=products.ndim - 2)
