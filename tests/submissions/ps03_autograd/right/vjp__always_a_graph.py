"""Adds a zero that depends on x: then there is always a graph."""


def vjp(f, x, v):
    x = x.clone().detach().requires_grad_()
    with torch.enable_grad():
        total = torch.sum(f(x) * v) + 0 * x.sum()
        total.backward()
    return x.grad.clone()
