"""The first columns of Vh.

Fails: components are the directions of largest spread, largest first
Fails: the spread along component j is the j-th singular value, and what is left is as small as can be
Says: svd gives V transposed
May fail: components are of length 1 and at right angles
May fail: Z holds the coordinates of the centred points along the components
May fail: float64 gives float64, to its last digits, and any memory order will do
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def pca(X, k):
    C = X - X.mean(dim=0)
    _, _, Vh = torch.linalg.svd(C, full_matrices=True)
    W = Vh[:, :k].T
    return W, C @ W.T
