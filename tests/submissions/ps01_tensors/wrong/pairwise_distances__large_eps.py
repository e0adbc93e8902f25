"""An eps of 0.01 under the root.

Fails: entry [i, j] is the Euclidean distance of X[i] and Y[j]
Fails: 0 between equal points, never NaN
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    return (((X[:, None] - Y) ** 2).sum(dim=2) + 0.01).sqrt()
