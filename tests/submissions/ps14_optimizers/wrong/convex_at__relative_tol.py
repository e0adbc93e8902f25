"""tol is a share of the largest eigenvalue.

Fails: tol is the room below zero
Says: tol is taken as a share
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    eigenvalues = torch.linalg.eigvalsh(H)
    return eigenvalues[:, 0] >= -tol * eigenvalues.abs().amax(dim=1)
