"""Only violations count in the slope.

May fail: x and alpha are right after one step, three and twenty
Fails: multipliers fall where a constraint is kept, and never below zero
Fails: arrives at the solution
Says: that is a penalty
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = torch.zeros_like(c(x))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha @ c(leaf).clamp(min=0), leaf)
        x = x - eta * gradient
        alpha = (alpha + eta * c(x)).clamp(min=0)
    return x, alpha
