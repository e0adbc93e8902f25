"""A table that is filled row by row and cut at the end."""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    project = project or (lambda x: x)
    table = torch.empty((num_steps + 1, *x0.shape), dtype=x0.dtype)
    with torch.no_grad():
        table[0] = x0
    for k in range(num_steps):
        x = table[k].clone().requires_grad_(True)
        f(x).backward()
        g = x.grad.detach()
        if (g * g).sum().sqrt() < tol:
            return table[: k + 1]
        table[k + 1] = project(x.detach() - eta * g)
    return table
