"""Steps of equal length.

Fails: the path holds x0 and the point after each step of gradient descent
Fails: the last point is returned, too
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Fails: finds Himmelblau's four valleys from four starts
Says: scaled to length 1
"""


def minimize(f, x0, lr, num_steps):
    """Gradient descent with a record of its path.

    f: takes a tensor (n,), returns one number with a graph. x0: (n,) float, left unchanged. lr: the learning rate. num_steps: int, 0 or more.
    Returns: (x (n,), path (num_steps + 1, n)), dtype of x0, no graph; path[0] is x0 and path[-1] is x.
    """
    x = x0.detach().clone()
    path = [x]
    for _ in range(num_steps):
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach() - lr * gradient / gradient.norm()
        path.append(x)
    return x, torch.stack(path)
