"""Stores the one tensor x.grad, and never clears it.

Fails: row i is the gradient of y_i
Fails: rows of entries that do not depend on x are zeros
Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: shows the sum of all
"""


def jacobian(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros(len(y), len(x), dtype=x.dtype)
    rows = []
    for i in range(len(y)):
        y[i].backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)
