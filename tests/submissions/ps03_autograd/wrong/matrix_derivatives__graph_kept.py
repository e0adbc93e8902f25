"""x is not detached.

Fails: gives plain numbers without a graph, where what it is given requires a gradient, too
Says: x requires a gradient
"""


def matrix_derivatives(A, B, a, x, t):
    return {
        "a.x": a[None, :],
        "x.x": 2 * x[None, :],
        "x.Bx": (x @ (B + B.T))[None, :],
        "x": torch.eye(len(x), dtype=x.dtype, device=x.device),
        "Ax": A,
        "Ax.Ax": 2 * (x @ A.T @ A)[None, :],
        "ttAx": 2 * t * (A @ x)[:, None],
    }
