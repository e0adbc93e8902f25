"""Coordinates as U times S."""


def pca(X, k):
    C = X - X.mean(0)
    U, S, Vt = torch.linalg.svd(C, full_matrices=False)
    return [Vt[:k, :], U[:, :k] * S[:k]]
