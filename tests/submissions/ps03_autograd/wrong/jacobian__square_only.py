"""Takes as many rows as x has entries.

Fails: row i is the gradient of y_i
Fails: rows of entries that do not depend on x are zeros
Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
May fail: keeps the dtype, and takes an x in any memory order
May fail: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: gives the same when it is called again, and leaves the program as it was
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
    return torch.stack([torch.autograd.grad(y[i], x, retain_graph=True, materialize_grads=True)[0] for i in range(min(len(x), len(y)))])
