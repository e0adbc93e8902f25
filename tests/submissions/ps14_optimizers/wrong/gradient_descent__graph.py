"""The whole walk stays in one graph, from x0.

Fails: the results carry no graph, and x0 is left alone where it requires a gradient
Says: carries a graph
"""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0 if x0.requires_grad else x0.clone().requires_grad_()
    trace = [x]
    for _ in range(num_steps):
        (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
        if gradient.norm() < tol:
            break
        x = x - eta * gradient
        if project is not None:
            x = project(x)
        trace.append(x)
    return torch.stack(trace)
