"""0 · x keeps the graph alive, so that no case is needed."""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor([float(x0)], dtype=torch.float64).squeeze().requires_grad_(True)
    y = f(x) + 0 * x
    coefficients = torch.empty(order + 1, dtype=torch.float64)
    with torch.enable_grad():
        for k in range(order + 1):
            coefficients[k] = y.detach()
            y = torch.autograd.grad(y, x, create_graph=True)[0] / (k + 1) + 0 * x
    return coefficients
