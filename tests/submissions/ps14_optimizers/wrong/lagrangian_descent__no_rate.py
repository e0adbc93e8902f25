"""Multipliers without a rate.

Fails: x and alpha are right after one step, three and twenty
Fails: multipliers fall where a constraint is kept, and never below zero
Fails: keeps the dtype, and takes numbers in any memory order
Fails: gives the same when it is called again, and leaves the program as it was
Says: no learning rate
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = torch.zeros_like(c(x))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha @ c(leaf), leaf)
        x = x - eta * gradient
        alpha = (alpha + c(x)).clamp(min=0)
    return x, alpha
