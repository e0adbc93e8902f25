"""Components as columns.

Fails: *
"""


def pca(X, k):
    C = X - X.mean(dim=0)
    _, _, Vh = torch.linalg.svd(C, full_matrices=False)
    return Vh[:k].T, C @ Vh[:k].T
