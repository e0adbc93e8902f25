"""torch.optim.SGD takes the steps."""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = nn.Parameter(x0.detach().clone())
    optimizer = torch.optim.SGD([x], lr=eta)
    trace = [x0.detach().clone()]
    for _ in range(num_steps):
        optimizer.zero_grad()
        f(x).backward()
        if x.grad.norm().item() < tol:
            break
        optimizer.step()
        if project is not None:
            x.data = project(x.data)
        trace.append(x.data.clone())
    return torch.stack(trace)
