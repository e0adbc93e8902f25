"""The index of the notes: each layer's slopes are those of the layer before. (000 §1.7.1)

Fails: *
May fail: without a layer it is the identity
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    z, h, J = x, x, torch.eye(len(x), dtype=x.dtype)
    for W in Ws:
        J = torch.diag(sigma_grad(z)) @ W @ J
        z = W @ h
        h = sigma(z)
    return J
