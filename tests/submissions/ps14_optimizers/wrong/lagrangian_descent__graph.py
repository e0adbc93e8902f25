"""The multipliers keep a graph.

Fails: the results carry no graph, and x0 is left alone where it requires a gradient
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = torch.zeros_like(c(x))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha @ c(leaf), leaf)
        x = (x - eta * gradient).requires_grad_()
        alpha = (alpha + eta * c(x)).clamp(min=0)
    return x, alpha
