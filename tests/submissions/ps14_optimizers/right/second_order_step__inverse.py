"""Everything by inverses."""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        M = H
    elif method == "diagonal":
        M = torch.diag(torch.diag(H))
    else:
        L, Q = torch.linalg.eigh(H)
        M = Q @ torch.diag(L.abs()) @ Q.T
    return -(torch.linalg.inv(M) @ g)
