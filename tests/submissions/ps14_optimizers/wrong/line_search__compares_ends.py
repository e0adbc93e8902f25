"""The heights of the ends are compared, which is right for parabolas.

Fails: finds it where the line is steep on one side and flat on the other
Says: the heights of the two ends
"""


def line_search(f, x, eta_max, num_halvings):
    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = -gradient(x)
    if not direction.any():
        return 0.0
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if f(x + left * direction) > f(x + right * direction):
            left = middle
        else:
            right = middle
    return (left + right) / 2
