"""The absolute value of the negative square: no NaN in the distances, but in the gradient.

Fails: the gradient is 0 where points are equal, never NaN
"""

def pairwise_distances(X, Y):
    squared = (X**2).sum(1)[:, None] + (Y**2).sum(1) - 2 * X @ Y.T
    return squared.abs().sqrt()
