"""abs is missing.

Fails: "absolute" is Newton with the absolute eigenvalues
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Says: that is Newton's step
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues)
