"""Directions of the centred X, coordinates of X as it came.

Fails: Z holds the coordinates of the centred points along the components
Fails: the spread along component j is the j-th singular value, and what is left is as small as can be
Says: coordinates of X as it came
May fail: components are of length 1 and at right angles
May fail: float64 gives float64, to its last digits, and any memory order will do
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def pca(X, k):
    _, _, Vh = torch.linalg.svd(X - X.mean(dim=0), full_matrices=False)
    return Vh[:k], X @ Vh[:k].T
