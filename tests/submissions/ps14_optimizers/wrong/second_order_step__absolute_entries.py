"""The entries are made positive.

Fails: "absolute" is Newton with the absolute eigenvalues
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Says: the entries of H are made positive
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    return -torch.linalg.solve(H.abs(), g)
