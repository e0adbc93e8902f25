"""Looks uphill.

Fails: finds the lowest point of parabolas
Fails: finds it where the line is steep on one side and flat on the other
Fails: comes within eta_max / 2^num_halvings
Fails: goes to eta_max where it goes down to the end
Fails: gives a float, leaves x as it is, and gives the same at a later call
Says: it looks uphill
"""


def line_search(f, x, eta_max, num_halvings):
    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = gradient(x)
    if not direction.any():
        return 0.0
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if gradient(x.detach() + middle * direction) @ direction < 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
