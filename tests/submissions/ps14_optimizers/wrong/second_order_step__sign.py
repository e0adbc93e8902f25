"""The minus is missing everywhere.

Fails: "newton" is -H⁻¹g
Fails: "diagonal" divides each slope by its own curvature
Fails: "absolute" is Newton with the absolute eigenvalues
Fails: "newton" is the default
Fails: keeps the dtype, and takes numbers in any memory order
Fails: keeps the dtype with method="diagonal"
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the sign is turned round
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return torch.linalg.solve(H, g)
    if method == "diagonal":
        return g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return Q @ ((Q.T @ g) / eigenvalues.abs())
