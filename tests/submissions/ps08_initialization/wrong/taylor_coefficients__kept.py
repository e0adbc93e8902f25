"""The first coefficients of each order are kept.

Fails: around other points
Fails: polynomials and constants: where nothing is left to differentiate, 0 follows
Fails: order + 1 coefficients, from order 0 on
Fails: gives the same when it is called again
May fail: activations around 0, to nine digits
May fail: carries no graph, and leaves the program as it was
May fail: x0 is 0 by default
"""


_kept = {}

def taylor_coefficients(f, order, x0=0.0):
    if order not in _kept:
        x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
        y, coefficients = f(x), []
        for k in range(order + 1):
            coefficients.append(y.detach() / math.factorial(k))
            y = torch.autograd.grad(y, x, create_graph=True)[0] if y.requires_grad else torch.zeros_like(y)
        _kept[order] = torch.stack(coefficients)
    return _kept[order]
