"""One multiplier for the sum of the constraints.

Fails: x and alpha are right after one step, three and twenty
Fails: multipliers fall where a constraint is kept, and never below zero
Fails: arrives at the solution
Fails: no step gives x0, and multipliers of 0
Fails: the results carry no graph, and x0 is left alone where it requires a gradient
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = torch.zeros_like(c(x).sum())
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha * c(leaf).sum(), leaf)
        x = x - eta * gradient
        alpha = (alpha + eta * c(x).sum()).clamp(min=0)
    return x, alpha
