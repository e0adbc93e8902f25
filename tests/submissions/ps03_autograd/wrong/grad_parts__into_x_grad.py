"""Leaves the gradients in the caller's x.grad.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
"""


def grad_parts(f, g, x):
    needed = x.requires_grad
    x.requires_grad_()
    parts = []
    for a, b in ((f, g), (g, f)):
        x.grad = None
        (a(x) * b(x).detach() + 0 * x).sum().backward()
        parts.append(x.grad.clone())
    x.requires_grad_(needed)
    return parts
