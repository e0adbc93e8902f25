"""Only for vectors: it asks for the number of entries.

Fails: each step is x - eta · gradient, and the whole path is there
Fails: stops before a step where the norm of the whole gradient is below tol
Fails: num_steps=0 gives one row, and tol=0 never stops
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    d = x.shape[0]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
