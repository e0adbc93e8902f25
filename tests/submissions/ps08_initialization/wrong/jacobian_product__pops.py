"""Takes the weights out of the caller's list.

Fails: leaves its lists unchanged
Says: the list Ws is another
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    h, J = x, torch.eye(len(x), dtype=x.dtype)
    while Ws:
        W = Ws.pop(0)
        z = W @ h
        J = sigma_grad(z)[:, None] * (W @ J)
        h = sigma(z)
    return J
