"""H is made positive in place.

Fails: leaves its inputs unchanged
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.solve(H, g)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    H[:] = Q @ torch.diag(eigenvalues.abs()) @ Q.T
    return -torch.linalg.solve(H, g)
