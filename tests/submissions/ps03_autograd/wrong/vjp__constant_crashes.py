"""Knows nothing of an f that does not depend on x.

Fails: gives zeros where f(x) does not depend on x
"""


def vjp(f, x, v):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(x), x, v)[0]
