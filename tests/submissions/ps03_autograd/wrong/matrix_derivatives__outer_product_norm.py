"""AAᵀ where AᵀA should be.

Fails: *
"""


def matrix_derivatives(A, B, a, x, t):
    """Seven derivatives by their formulas, no autograd.

    A: (m, n) float. B: (n, n), not symmetric. a, x: (n,). t: a number. All are left unchanged.
    Returns: a dict of tensors in dtype and device of x, with the keys "a.x", "x.x", "x.Bx", "x", "Ax", "Ax.Ax", "ttAx";
    a number by a vector is a row (1, n), a vector by a number a column (m, 1), a vector by a vector a matrix (m, n).
    """
    x = x.detach()
    return {
        "a.x": a[None, :],
        "x.x": 2 * x[None, :],
        "x.Bx": (x @ (B + B.T))[None, :],
        "x": torch.eye(len(x), dtype=x.dtype, device=x.device),
        "Ax": A,
        "Ax.Ax": 2 * (A @ A.T @ x)[None, :],
        "ttAx": 2 * t * (A @ x)[:, None],
    }
