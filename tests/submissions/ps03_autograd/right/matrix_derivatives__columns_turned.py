"""Works with x as a column, (n, 1), as on paper."""


def matrix_derivatives(A, B, a, x, t):
    x = x.detach()
    col = x.view(-1, 1) if x.is_contiguous() else x.reshape(-1, 1)
    eye = torch.zeros(len(x), len(x)).to(x)
    eye.fill_diagonal_(1)
    return dict([
        ("x", eye),
        ("a.x", a.reshape(-1, 1).T),
        ("x.x", 2 * col.T),
        ("x.Bx", col.T @ B + col.T @ B.T),
        ("Ax", A @ eye),
        ("Ax.Ax", 2 * (A @ col).T @ A),
        ("ttAx", 2 * t * (A @ col)),
    ])
