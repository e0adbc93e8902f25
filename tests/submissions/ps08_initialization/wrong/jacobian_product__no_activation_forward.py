"""The activation is left out on the way forward.

Fails: several layers: the product, last layer on the left, slopes at z
Fails: layers of different widths
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: leaves its lists unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the activation is left out on the way forward
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    h, J = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    for W in Ws:
        h = W @ h
        J = sigma_grad(h)[:, None] * (W @ J)
    return J
