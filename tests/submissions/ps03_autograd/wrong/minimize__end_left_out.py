"""The last point is not in the path.

Fails: the path holds x0 and the point after each step of gradient descent
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: the last row of the path is missing
"""


def minimize(f, x0, lr, num_steps):
    x = x0.detach().clone()
    path = []
    for _ in range(num_steps):
        path.append(x)
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach() - lr * gradient
    return x, torch.stack(path or [x])
