"""Newton's system is solved in float32.

Fails: takes a long step where the curvature is small
Fails: keeps the dtype with method="newton"
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H.float(), g.float()).to(g.dtype)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
