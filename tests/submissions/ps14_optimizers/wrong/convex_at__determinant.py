"""Determinant and trace, which is right in two dimensions.

Fails: is right in three dimensions and more, where the determinant does not tell
Says: determinant and trace
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return (torch.linalg.det(H) >= -tol) & (H.diagonal(dim1=1, dim2=2).sum(dim=1) >= -tol)
