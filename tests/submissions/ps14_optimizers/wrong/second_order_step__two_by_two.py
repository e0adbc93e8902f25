"""Only for two dimensions.

Fails: "newton" is -H⁻¹g
Fails: "newton" is the default
Fails: gives the same when it is called again, and leaves the program as it was
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.stack([H[1, 1] * g[0] - H[0, 1] * g[1], H[0, 0] * g[1] - H[1, 0] * g[0]]) / (H[0, 0] * H[1, 1] - H[0, 1] ** 2)
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
