"""The expanded square may be slightly negative.

Fails: 0 between equal points, never NaN
Fails: the gradient is 0 where points are equal, never NaN
"""

def pairwise_distances(X, Y):
    squared = (X**2).sum(1)[:, None] + (Y**2).sum(1) - 2 * X @ Y.T
    return squared.sqrt()
