"""Damping that was not asked for.

Fails: "newton" is -H⁻¹g
Fails: "newton" is the default
Fails: gives the same when it is called again, and leaves the program as it was
Says: damping
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H + 0.1 * torch.eye(len(g), dtype=H.dtype), g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
