"""Clears x.grad of the caller before and after.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: x held a gradient before the call
"""


def vjp(f, x, v):
    needed = x.requires_grad
    x.requires_grad_()
    x.grad = None
    y = f(x)
    if y.requires_grad:
        y.backward(v)
    g = torch.zeros_like(x) if x.grad is None else x.grad.clone()
    x.grad = None
    x.requires_grad_(needed)
    return g.detach()
