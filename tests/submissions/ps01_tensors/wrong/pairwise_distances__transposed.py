"""Rows belong to Y.

Fails: entry [i, j] is the Euclidean distance of X[i] and Y[j]
Fails: 0 between equal points, never NaN
Fails: the gradient is 0 where points are equal, never NaN
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    return (Y[:, None] - X).norm(dim=2)
