"""x0 is not in the path.

Fails: each step is x - eta · gradient, and the whole path is there
Fails: after each step the new point is projected, once
Fails: stops before a step where the norm of the whole gradient is below tol
Fails: num_steps=0 gives one row, and tol=0 never stops
Fails: the results carry no graph, and x0 is left alone where it requires a gradient
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the first row, x0, is missing
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone()
    trace = []
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf), leaf)
        if gradient.norm() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace) if trace else x0.new_zeros(0, *x0.shape)
