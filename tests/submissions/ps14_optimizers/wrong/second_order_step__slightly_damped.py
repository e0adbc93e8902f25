"""A little is added to the diagonal, to be safe.

Fails: takes a long step where the curvature is small
Fails: keeps the dtype with method="newton"
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H + 1e-7 * torch.eye(len(g), dtype=g.dtype), g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
