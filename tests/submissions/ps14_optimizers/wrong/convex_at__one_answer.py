"""One answer for all points.

Fails: says yes or no for each point
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: one answer is given
"""


def convex_at(f, X, tol=1e-6):
    H = torch.stack([torch.autograd.functional.hessian(f, x) for x in X])
    return (torch.linalg.eigvalsh(H) >= -tol).all().expand(len(X)).clone()
