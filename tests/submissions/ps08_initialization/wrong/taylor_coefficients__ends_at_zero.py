"""Stops at the first derivative that happens to be 0.

Fails: activations around 0, to nine digits
Says: it ends at the first derivative that is 0
"""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    c = torch.zeros(order + 1, dtype=torch.float64)
    for k in range(order + 1):
        c[k] = y.detach() / math.factorial(k)
        if y == 0 or not y.requires_grad:
            break
        (y,) = torch.autograd.grad(y, x, create_graph=True)
    return c
