"""One backward pass an output.

Fails: *
Says: calls
"""


def jacobian_product(Ws, x, sigma, sigma_grad):
    x = x.detach().requires_grad_()
    h = x
    for W in Ws:
        h = sigma(W @ h)
    return torch.stack([torch.autograd.grad(h[i], x, retain_graph=True)[0] for i in range(len(h))])
