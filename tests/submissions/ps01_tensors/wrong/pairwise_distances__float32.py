"""The dtype changes.

Fails: gradients reach X and Y and are right
Fails: right for float64 too, which stays float64
"""

def pairwise_distances(X, Y):
    return (X.float()[:, None] - Y.float()).norm(dim=2)
