"""Asks autograd for the rows.

Fails: *
Says: calls torch.grad
"""


def matrix_derivatives(A, B, a, x, t):
    x = x.detach()
    def row(f):
        leaf = x.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0][None]

    return {
        "a.x": row(lambda z: a @ z), "x.x": row(lambda z: z @ z), "x.Bx": row(lambda z: z @ B @ z), "x": torch.eye(len(x), dtype=x.dtype),
        "Ax": A, "Ax.Ax": row(lambda z: (A @ z) @ (A @ z)), "ttAx": 2 * t * (A @ x)[:, None],
    }
