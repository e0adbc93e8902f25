"""Singular value decomposition; small singular values are left out."""


def normal_equations(X, y):
    A = torch.cat((X.double(), torch.ones(len(X), 1, dtype=torch.float64)), 1)
    U, s, Vh = torch.linalg.svd(A, full_matrices=False)
    keep = s > 1e-12 * s[0]
    theta = (Vh[keep].T / s[keep]) @ (U[:, keep].T @ y.double().reshape(-1, 1))
    return theta[:-1].to(X.dtype), theta[-1].to(X.dtype)
