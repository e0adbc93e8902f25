"""The gradients are not cleared.

Fails: each step is x - eta · gradient, and the whole path is there
Fails: after each step the new point is projected, once
Fails: stops before a step where the norm of the whole gradient is below tol
Fails: the results carry no graph, and x0 is left alone where it requires a gradient
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: added up
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.detach().clone().requires_grad_()
    trace = [x.detach().clone()]
    for _ in range(num_steps):
        f(x).backward()
        if x.grad.norm() < tol:
            break
        with torch.no_grad():
            x -= eta * x.grad
            if project is not None:
                x.copy_(project(x))
        trace.append(x.detach().clone())
    return torch.stack(trace)
