"""Everything by einsum."""


def matrix_derivatives(A, B, a, x, t):
    x = x.detach()
    y = torch.einsum("ij,j->i", A, x)
    return {
        "a.x": torch.einsum("j->j", a)[None],
        "x.x": torch.stack([2 * x]),
        "x.Bx": (torch.einsum("i,ij->j", x, B) + torch.einsum("ij,j->i", B, x))[None],
        "x": torch.eye(x.numel()).type_as(x),
        "Ax": A,
        "Ax.Ax": torch.einsum("i,ij->j", 2 * y, A)[None],
        "ttAx": torch.einsum("i,->i", y, torch.tensor(2 * t, dtype=x.dtype))[:, None],
    }
