"""k! is forgotten.

Fails: activations around 0, to nine digits
Fails: around other points
Fails: polynomials and constants: where nothing is left to differentiate, 0 follows
Fails: x0 is 0 by default
Fails: gives the same when it is called again
May fail: carries no graph, and leaves the program as it was
Says: k! is forgotten
"""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y, coefficients = f(x), []
    for k in range(order + 1):
        coefficients.append(y.detach())
        y = torch.autograd.grad(y, x, create_graph=True)[0] if y.requires_grad else torch.zeros_like(y)
    return torch.stack(coefficients)
