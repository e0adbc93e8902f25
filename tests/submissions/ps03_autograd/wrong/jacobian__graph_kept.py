"""create_graph=True: the matrix carries a graph.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: carries a graph
"""


def jacobian(f, x):
    """The matrix of all derivatives of f at x, row by row.

    f: takes a tensor (n,), returns a tensor (m,), m >= 1. x: (n,) float.
    Returns: (m, n), dtype of x; row i is the gradient of y_i, zeros where y_i does not depend on x. No graph.
    """
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros(len(y), len(x), dtype=x.dtype, device=x.device)
    return torch.stack([torch.autograd.grad(y_i, x, create_graph=True, materialize_grads=True)[0] for y_i in y])
