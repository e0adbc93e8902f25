"""No default.

Fails: "newton" is the default
"""


def second_order_step(g, H, method):
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
