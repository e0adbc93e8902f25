"""The learning rate is missing, as in the notes for more than one dimension. (001)

Fails: each step is x - eta · gradient, and the whole path is there
Fails: after each step the new point is projected, once
Fails: stops before a step where the norm of the whole gradient is below tol
Fails: the results carry no graph, and x0 is left alone where it requires a gradient
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: η is left out
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = [x]
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x = x - gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
