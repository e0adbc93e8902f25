"""The largest eigenvalue.

Fails: says yes or no for each point
Fails: sees curvature between the axes
Fails: is right in three dimensions and more, where the determinant does not tell
Fails: tol is the room below zero
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the largest eigenvalue decides
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return torch.linalg.eigvalsh(H)[:, -1] >= -tol
