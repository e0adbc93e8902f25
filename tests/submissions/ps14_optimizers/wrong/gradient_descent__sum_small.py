"""The sum of the partial derivatives is compared with tol.

Fails: each step is x - eta · gradient, and the whole path is there
Fails: stops before a step where the norm of the whole gradient is below tol
May fail: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the sum of the partial derivatives
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.sum() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
