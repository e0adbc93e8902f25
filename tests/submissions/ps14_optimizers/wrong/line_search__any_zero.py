"""One partial derivative of zero ends it.

Fails: gives 0.0 where the gradient is zero, and only there
Says: one partial derivative of zero
"""


def line_search(f, x, eta_max, num_halvings):
    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = -gradient(x)
    if (direction == 0).any():
        return 0.0
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if gradient(x.detach() + middle * direction) @ direction < 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
