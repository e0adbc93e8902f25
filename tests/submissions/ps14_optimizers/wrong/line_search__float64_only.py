"""The direction is float64 whatever x is.

Fails: takes float32, and numbers in any memory order
"""


def line_search(f, x, eta_max, num_halvings):
    def gradient(point):
        leaf = point.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]

    direction = torch.tensor((-gradient(x)).tolist(), dtype=torch.float64)
    if not direction.any():
        return 0.0
    left, right = 0.0, float(eta_max)
    for _ in range(num_halvings):
        middle = (left + right) / 2
        if torch.dot(gradient(x.detach() + (middle * direction).to(x.dtype)), direction) < 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
