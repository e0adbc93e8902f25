"""With backward(), and one leaf that is changed under no_grad."""


def gradient_descent(f, x0, eta, num_steps, project=None, tol=0.0):
    x = x0.clone().detach().requires_grad_(True)
    rows = [x.detach().clone()]
    while len(rows) <= num_steps:
        x.grad = None
        f(x).backward()
        if torch.sqrt((x.grad**2).sum()) < tol:
            break
        with torch.no_grad():
            x -= eta * x.grad
            if project:
                x.copy_(project(x.detach()))
        rows.append(x.detach().clone())
    return torch.stack(rows, dim=0)
