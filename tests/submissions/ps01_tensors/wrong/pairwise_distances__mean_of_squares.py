"""The mean of the squares in place of their sum.

Fails: entry [i, j] is the Euclidean distance of X[i] and Y[j]
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    return (X[:, None] - Y).norm(dim=2) / X.shape[1] ** 0.5
