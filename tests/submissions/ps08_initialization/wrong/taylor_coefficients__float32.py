"""float32 inside, float64 at the end.

Fails: activations around 0, to nine digits
Fails: around other points
Fails: gives the same when it is called again
May fail: polynomials and constants: where nothing is left to differentiate, 0 follows
May fail: order + 1 coefficients, from order 0 on
May fail: carries no graph, and leaves the program as it was
May fail: x0 is 0 by default
"""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(float(x0), dtype=torch.float32, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach() / math.factorial(k))
        y = torch.autograd.grad(y, x, create_graph=True)[0] if y.requires_grad else torch.zeros_like(y)
    return torch.stack(coefficients).double()
