"""Rows by unsqueeze and reshape, sums by matrix products on the left."""


def matrix_derivatives(A, B, a, x, t):
    x = x.detach()
    n = x.shape[0]
    d = {}
    d["a.x"] = a.clone().reshape(1, n)
    d["x.x"] = (x + x).unsqueeze(0)
    d["x.Bx"] = (B @ x + B.T @ x).unsqueeze(0)
    d["x"] = torch.diag(torch.ones_like(x))
    d["Ax"] = A.clone()
    d["Ax.Ax"] = 2 * (A.T @ (A @ x)).unsqueeze(0)
    d["ttAx"] = (2 * t * A @ x).unsqueeze(1)
    return d
