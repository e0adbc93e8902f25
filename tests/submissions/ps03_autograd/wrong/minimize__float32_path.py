"""A float32 path.

Fails: keeps the dtype, and takes an x in any memory order
Says: dtype float32
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
        x = x.detach() - lr * gradient
        path.append(x)
    return x, torch.stack(path).float()
