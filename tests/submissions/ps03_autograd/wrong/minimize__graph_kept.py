"""Never detaches: the results carry a graph.

Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Says: carries a graph
"""


def minimize(f, x0, lr, num_steps):
    x = x0.detach().clone().requires_grad_()
    path = [x]
    for _ in range(num_steps):
        (g,) = torch.autograd.grad(f(x), x)
        x = x - lr * g
        path.append(x)
    return x, torch.stack(path)
