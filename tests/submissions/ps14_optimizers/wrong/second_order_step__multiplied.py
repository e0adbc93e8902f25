"""H for its inverse.

Fails: "newton" is -H⁻¹g
Fails: "newton" is the default
Fails: gives the same when it is called again, and leaves the program as it was
Says: multiplied with H
"""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -H @ g
    if method == "diagonal":
        return -g / H.diagonal()
    eigenvalues, Q = torch.linalg.eigh(H)
    return -Q @ ((Q.T @ g) / eigenvalues.abs())
