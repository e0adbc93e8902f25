"""torch.func.grad, and a tensor that is filled."""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    slope = torch.func.grad(f)
    path = x0.new_empty((num_steps + 1, *x0.shape))
    path[0] = x0.detach()
    taken = 0
    for k in range(num_steps):
        g = slope(path[k].clone())
        if torch.linalg.vector_norm(g) < tol:
            break
        new = path[k] - eta * g
        path[k + 1] = new if project is None else project(new)
        taken = k + 1
    return path[: taken + 1].detach()
