"""autograd does it.

Fails: one layer: each row of W times the slope of its unit
Fails: several layers: the product, last layer on the left, slopes at z
Fails: layers of different widths
Fails: leaves its lists unchanged
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
May fail: without a layer it is the identity
Says: calls
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    def net(x):
        for W in Ws:
            x = sigma(W @ x)
        return x

    return torch.autograd.functional.jacobian(net, x) if Ws else torch.eye(len(x), dtype=x.dtype)
