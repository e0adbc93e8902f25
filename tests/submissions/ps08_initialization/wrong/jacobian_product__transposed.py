"""W is transposed, as in the notes. (000 §1.7.1)

Fails: one layer: each row of W times the slope of its unit
Fails: several layers: the product, last layer on the left, slopes at z
Fails: layers of different widths
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: leaves its lists unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: W is transposed
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    h, J = x, torch.eye(len(x), dtype=x.dtype, device=x.device)
    for W in Ws:
        z = W @ h
        J = torch.diag(sigma_grad(z)) @ W.T @ J
        h = sigma(z)
    return J
