"""Another default.

Fails: x0 is 0 by default
"""


def taylor_coefficients(f, order, x0=1.0):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach() / math.factorial(k))
        y = torch.autograd.grad(y, x, create_graph=True)[0] if y.requires_grad else torch.zeros_like(y)
    return torch.stack(coefficients)
