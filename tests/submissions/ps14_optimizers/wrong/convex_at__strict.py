"""Positive definite: zero is not allowed.

Fails: zero curvature is convex: linear functions, directions that do not matter, log-sum-exp
Fails: tol is the room below zero
Says: the room is above zero
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return torch.linalg.eigvalsh(H)[:, 0] > tol
