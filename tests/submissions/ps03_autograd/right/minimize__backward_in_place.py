"""backward(), an in-place step, the gradient cleared."""


def minimize(f, x0, lr, num_steps):
    x = x0.detach().clone()
    x.requires_grad = True
    path = torch.empty(num_steps + 1, x.numel(), dtype=x.dtype, device=x.device)
    path[0] = x.detach()
    for k in range(num_steps):
        y = f(x)
        y.backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad = None
        path[k + 1] = x.detach()
    return path[-1].clone(), path
