"""Multipliers in float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = torch.zeros(len(c(x)))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha.to(leaf.dtype) @ c(leaf), leaf)
        x = x - eta * gradient
        alpha = (alpha + eta * c(x).float()).clamp(min=0)
    return x, alpha
