"""The index of the notes: each layer's slopes are those of the layer before. (000 §1.7.1)

Fails: one layer: each row of W times the slope of its unit
Fails: several layers: the product, last layer on the left, slopes at z
Fails: layers of different widths
Fails: leaves its lists unchanged
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
May fail: without a layer it is the identity
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    z, h, J = x, x, torch.eye(len(x), dtype=x.dtype)
    for W in Ws:
        J = torch.diag(sigma_grad(z)) @ W @ J
        z = W @ h
        h = sigma(z)
    return J
