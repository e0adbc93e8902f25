"""Halves until the height falls.

Fails: finds the lowest point of parabolas
Fails: finds it where the line is steep on one side and flat on the other
Fails: comes within eta_max / 2^num_halvings
Fails: gives a float, leaves x as it is, and gives the same at a later call
Says: backtracking
"""


def line_search(f, x, eta_max, num_halvings):
    leaf = x.detach().clone().requires_grad_()
    (g,) = torch.autograd.grad(f(leaf), leaf)
    if not g.any():
        return 0.0
    eta = float(eta_max)
    for _ in range(num_halvings):
        if f(x - eta * g) < f(x):
            break
        eta /= 2
    return eta
