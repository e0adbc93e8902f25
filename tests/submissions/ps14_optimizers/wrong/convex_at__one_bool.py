"""A single bool.

Fails: says yes or no for each point
Fails: sees curvature between the axes
Fails: is right in three dimensions and more, where the determinant does not tell
Fails: zero curvature is convex: linear functions, directions that do not matter, log-sum-exp
Fails: tol is the room below zero
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
"""


def convex_at(f, X, tol=1e-6):
    return all(bool(torch.linalg.eigvalsh(torch.autograd.functional.hessian(f, x))[0] >= -tol) for x in X)
