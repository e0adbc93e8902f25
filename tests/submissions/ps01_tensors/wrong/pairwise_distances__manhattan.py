"""The sum of absolute differences.

Fails: entry [i, j] is the Euclidean distance of X[i] and Y[j]
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    return (X[:, None] - Y).abs().sum(dim=2)
