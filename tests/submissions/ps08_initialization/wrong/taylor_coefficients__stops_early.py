"""Stops where the graph ends: too few coefficients.

Fails: polynomials and constants: where nothing is left to differentiate, 0 follows
May fail: order + 1 coefficients, from order 0 on
"""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach() / math.factorial(k))
        if not y.requires_grad:
            break
        (y,) = torch.autograd.grad(y, x, create_graph=True)
    return torch.stack(coefficients)
