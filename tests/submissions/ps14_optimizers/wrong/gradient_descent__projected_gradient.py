"""The gradient is projected, not the point.

Fails: after each step the new point is projected, once
Says: the gradient is projected
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    t = [x]
    for _ in range(num_steps):
        g = torch.func.grad(f)(x)
        if g.norm() < tol:
            break
        if project:
            g = project(g)
        x = x - eta * g
        t.append(x)
    return torch.stack(t)
