"""The slope of the root at 0 is infinite: NaN in the gradient at equal points.

Fails: the gradient is 0 where points are equal, never NaN
"""

def pairwise_distances(X, Y):
    return ((X[:, None] - Y) ** 2).sum(dim=2).sqrt()
