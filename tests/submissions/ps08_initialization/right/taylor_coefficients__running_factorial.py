"""k! grows along; floats are gathered and made a tensor at the end."""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.full((), x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    out, factorial = [], 1.0
    for k in range(order + 1):
        if k > 0:
            factorial *= k
        out.append(y.item() / factorial)
        if y.requires_grad:
            (g,) = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)
            y = g if g is not None else torch.zeros_like(y)
        else:
            y = y * 0
    return torch.tensor(out, dtype=torch.float64)
