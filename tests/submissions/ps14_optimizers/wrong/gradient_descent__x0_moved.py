"""Clones go into the path, but the walker is x0 itself.

Fails: leaves its inputs unchanged
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach()
    trace = [x.clone()]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x -= eta * gradient
        if project is not None:
            x.copy_(project(x))
        trace.append(x.clone())
    return torch.stack(trace)
