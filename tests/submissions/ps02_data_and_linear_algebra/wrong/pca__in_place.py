"""Centres the tensor that it was given.

Fails: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def pca(X, k):
    X -= X.mean(dim=0)
    _, _, Vh = torch.linalg.svd(X, full_matrices=False)
    return Vh[:k], X @ Vh[:k].T
