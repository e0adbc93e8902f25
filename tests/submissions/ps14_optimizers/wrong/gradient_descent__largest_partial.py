"""The largest partial derivative is compared with tol.

Fails: stops before a step where the norm of the whole gradient is below tol
Says: the largest partial derivative
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.abs().max() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
