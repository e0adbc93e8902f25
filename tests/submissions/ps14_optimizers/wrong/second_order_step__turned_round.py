"""The whole Newton step is turned round where it leads uphill.

Fails: "absolute" is Newton with the absolute eigenvalues
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Says: the whole step is turned round
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    step = -torch.linalg.solve(H, g)
    return -step if step @ g > 0 else step
