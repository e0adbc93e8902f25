"""A row vector for each output, walked back through the layers."""


def jacobian_product(Ws, x, sigma, sigma_grad):
    zs, h = [], x
    for W in Ws:
        zs.append(W @ h)
        h = sigma(zs[-1])
    J = torch.eye(h.shape[0], dtype=x.dtype)
    for W, z in zip(reversed(list(Ws)), reversed(zs)):
        J = (J * sigma_grad(z)) @ W
    return J
