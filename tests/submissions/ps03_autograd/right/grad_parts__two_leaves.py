"""Two leaves with the same numbers: one for f, one for g."""


def grad_parts(f, g, x):
    a = x.detach().clone().requires_grad_()
    b = x.detach().clone().requires_grad_()
    s = (f(a) * g(b)).sum() + 0 * a.sum() + 0 * b.sum()
    s.backward()
    return a.grad, b.grad
