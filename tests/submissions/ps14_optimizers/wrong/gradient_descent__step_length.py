"""The length of the step, with eta.

Fails: stops before a step where the norm of the whole gradient is below tol
Says: the length of the step
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        if (eta * g).norm() < tol:
            break
        x = x - eta * g
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
