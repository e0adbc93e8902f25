"""Coordinates of variance 1.

Fails: Z holds the coordinates of the centred points along the components
Fails: the spread along component j is the j-th singular value, and what is left is as small as can be
May fail: components are of length 1 and at right angles
May fail: float64 gives float64, to its last digits, and any memory order will do
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def pca(X, k):
    C = X - X.mean(dim=0)
    _, S, Vh = torch.linalg.svd(C, full_matrices=False)
    return Vh[:k], C @ Vh[:k].T / S[:k]
