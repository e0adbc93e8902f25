"""Moves the caller's x0.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
May fail: gives the same when it is called again, and leaves the program as it was
Says: the values of x were changed
"""


def minimize(f, x0, lr, num_steps):
    x = x0.detach()
    path = [x.clone()]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        x -= lr * g
        path.append(x.clone())
    return x, torch.stack(path)
