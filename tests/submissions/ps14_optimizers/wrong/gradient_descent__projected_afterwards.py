"""The path is projected in the end.

Fails: after each step the new point is projected, once
Fails: stops before a step where the norm of the whole gradient is below tol
Says: projected only afterwards
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x = x - eta * gradient
        trace.append(x)
    if project is not None:
        trace[1:] = [project(x) for x in trace[1:]]
    return torch.stack(trace)
