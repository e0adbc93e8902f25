"""The graph is cut.

Fails: gradients reach X and Y and are right
Fails: the gradient is 0 where points are equal, never NaN
"""

def pairwise_distances(X, Y):
    return (X[:, None] - Y).norm(dim=2).detach()
