"""None for each row where the graph does not lead to x.

Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
"""


def jacobian(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros(len(y), len(x), dtype=x.dtype)
    return torch.stack([torch.autograd.grad(y_i, x, retain_graph=True, allow_unused=True)[0] for y_i in y])
