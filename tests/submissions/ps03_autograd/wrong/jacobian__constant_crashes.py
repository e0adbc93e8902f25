"""An f without a graph is an error.

Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
"""


def jacobian(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    return torch.stack([torch.autograd.grad(y_i, x, retain_graph=True, materialize_grads=True)[0] for y_i in y])
