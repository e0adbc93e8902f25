"""A constant factor is an error.

Fails: gives zeros through a factor that is a constant
"""


def grad_parts(f, g, x):
    x = x.detach().requires_grad_()
    first = torch.autograd.grad((f(x) * g(x).detach()).sum(), x)[0]
    return first, torch.autograd.grad((f(x).detach() * g(x)).sum(), x)[0]
