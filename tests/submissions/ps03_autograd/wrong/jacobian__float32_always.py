"""A float32 matrix to write the rows into.

Fails: keeps the dtype, and takes an x in any memory order
Fails: is all zeros, (m, n), where f(x) has no graph, or none that leads to x
Says: dtype float32
"""


def jacobian(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    J = torch.zeros(len(y), len(x))
    for i, y_i in enumerate(y):
        if y_i.requires_grad:
            J[i] = torch.autograd.grad(y_i, x, retain_graph=True, materialize_grads=True)[0]
    return J
