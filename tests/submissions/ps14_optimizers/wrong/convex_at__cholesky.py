"""Asks for a Cholesky factor, which positive definite matrices have: where tol is 0 a linear function has none.

Fails: tol is the room below zero
"""


def convex_at(f, X, tol=1e-6):
    shifted = torch.stack([torch.autograd.functional.hessian(f, x) + tol * torch.eye(x.numel(), dtype=x.dtype) for x in X])
    return torch.linalg.cholesky_ex(shifted).info == 0
