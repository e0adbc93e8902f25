"""Eigenvalues by NumPy."""

import numpy as np


def convex_at(f, X, tol=1e-6):
    smallest = [np.linalg.eigvalsh(torch.autograd.functional.hessian(f, x).numpy())[0] for x in X]
    return torch.from_numpy(np.array(smallest) >= -tol)
