"""Moves the points to their common mean, in place.

Fails: X and Y are left as they were
"""

def pairwise_distances(X, Y):
    with torch.no_grad():
        centre = X.mean(dim=0)
        X -= centre
        Y -= centre
    return (X[:, None] - Y).norm(dim=2)
