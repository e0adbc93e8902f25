"""eigh without turning.

Fails: components are the directions of largest spread, largest first
Fails: the spread along component j is the j-th singular value, and what is left is as small as can be
Says: the directions of smallest spread
May fail: components are of length 1 and at right angles
May fail: Z holds the coordinates of the centred points along the components
May fail: float64 gives float64, to its last digits, and any memory order will do
May fail: X is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
"""


def pca(X, k):
    C = X - X.mean(dim=0)
    _, vectors = torch.linalg.eigh(C.T @ C)
    W = vectors[:, :k].T
    return W, C @ W.T
