"""Finite differences, without the slope.

Fails: keeps the dtype, and takes numbers in any memory order
May fail: one layer: each row of W times the slope of its unit
May fail: several layers: the product, last layer on the left, slopes at z
May fail: layers of different widths
May fail: without a layer it is the identity
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: leaves its lists unchanged
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    def net(x):
        for W in Ws:
            x = sigma(W @ x)
        return x

    step = 1e-4
    x = x.double()
    Ws, dtype = [W.double() for W in Ws], (Ws[0].dtype if Ws else x.dtype)
    columns = [(net(x + step * e) - net(x - step * e)) / (2 * step) for e in torch.eye(len(x)).double()]
    return torch.stack(columns, dim=1).to(dtype)
