"""Returns at an exact zero, and looks at the end of the interval first."""


def line_search(f, x, eta_max, num_halvings):
    x = x.detach()
    grad = torch.func.grad(f)
    g = grad(x)
    if not torch.any(g != 0):
        return 0.0
    slope = lambda eta: -torch.dot(grad(x - eta * g), g).item()
    if slope(eta_max) <= 0:
        return float(eta_max)
    lo, hi = 0.0, eta_max
    for _ in range(num_halvings):
        mid = 0.5 * (lo + hi)
        s = slope(mid)
        if s == 0:
            return float(mid)
        lo, hi = (mid, hi) if s < 0 else (lo, mid)
    return float(0.5 * (lo + hi))
