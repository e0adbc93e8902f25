"""autograd does it.

Fails: *
May fail: without a layer it is the identity
Says: calls
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    def net(x):
        for W in Ws:
            x = sigma(W @ x)
        return x

    return torch.autograd.functional.jacobian(net, x) if Ws else torch.eye(len(x), dtype=x.dtype)
