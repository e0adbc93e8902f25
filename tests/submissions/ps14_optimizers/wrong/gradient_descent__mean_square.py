"""The root of the mean of the squares.

Fails: stops before a step where the norm of the whole gradient is below tol
Says: the mean of the squares
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        if g.square().mean().sqrt() < tol:
            break
        x = x - eta * g
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
