"""x0 is ignored.

Fails: around other points
Fails: polynomials and constants: where nothing is left to differentiate, 0 follows
Fails: gives the same when it is called again
May fail: order + 1 coefficients, from order 0 on
May fail: carries no graph, and leaves the program as it was
Says: x0 is ignored
"""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach() / math.factorial(k))
        y = torch.autograd.grad(y, x, create_graph=True)[0] if y.requires_grad else torch.zeros_like(y)
    return torch.stack(coefficients)
