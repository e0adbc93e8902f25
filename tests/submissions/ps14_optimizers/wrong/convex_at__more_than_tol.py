"""Larger than -tol, not at least.

Fails: tol is the room below zero
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return torch.linalg.eigvalsh(H)[:, 0] > -tol
