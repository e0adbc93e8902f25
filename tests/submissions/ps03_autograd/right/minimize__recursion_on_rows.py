"""Each step from the last row."""


def minimize(f, x0, lr, num_steps):
    path = x0.detach()[None].clone()
    while len(path) <= num_steps:
        z = path[-1].clone().requires_grad_()
        slope = torch.autograd.grad(f(z), z)[0]
        path = torch.cat([path, (path[-1] - slope * lr)[None]])
    return [path[-1], path]
