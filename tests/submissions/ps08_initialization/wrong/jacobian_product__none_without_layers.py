"""No layer gives None.

Fails: without a layer it is the identity
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    h, J = x, None
    for W in Ws:
        z = W @ h
        factor = sigma_grad(z)[:, None] * W
        J = factor if J is None else factor @ J
        h = sigma(z)
    return J
