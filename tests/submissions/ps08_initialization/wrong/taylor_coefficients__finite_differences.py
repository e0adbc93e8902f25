"""Finite differences of differences.

Fails: activations around 0, to nine digits
Fails: around other points
Fails: gives the same when it is called again
May fail: polynomials and constants: where nothing is left to differentiate, 0 follows
May fail: order + 1 coefficients, from order 0 on
May fail: carries no graph, and leaves the program as it was
May fail: x0 is 0 by default
"""


def taylor_coefficients(f, order, x0=0.0):
    h = 1e-2
    def derivative(g):
        return lambda x: (g(x + h) - g(x - h)) / (2 * h)
    g, out = f, []
    for k in range(order + 1):
        out.append(g(torch.tensor(float(x0), dtype=torch.float64)).detach() / math.factorial(k))
        g = derivative(g)
    return torch.stack(out)
