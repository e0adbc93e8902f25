"""x.grad is not cleared between the rows.

Fails: row i is the gradient of y_i
Fails: rows of entries that do not depend on x are zeros
Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: x.grad is not cleared in between
"""


def jacobian(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    J = torch.zeros(len(y), len(x), dtype=x.dtype)
    if y.requires_grad:
        for i in range(len(y)):
            y[i].backward(retain_graph=True)
            J[i] = x.grad
    return J
