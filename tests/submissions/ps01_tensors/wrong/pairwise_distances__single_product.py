"""One product in place of two in the expanded square.

Fails: entry [i, j] is the Euclidean distance of X[i] and Y[j]
Fails: 0 between equal points, never NaN
Fails: the gradient is 0 where points are equal, never NaN
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    squared = (X**2).sum(1)[:, None] + (Y**2).sum(1) - X @ Y.T
    return squared.clamp(min=1e-12).sqrt()
