"""No special case for a gradient of zero.

Fails: gives 0.0 where the gradient is zero, and only there
"""


def line_search(f, x, eta_max, num_halvings):
    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = -gradient(x)
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if gradient(x.detach() + middle * direction) @ direction < 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
