"""Looks at x * x against a, until the digits of the dtype are reached."""


def heron_sqrt(a):
    x = a / 2 + 0.5
    eps = torch.finfo(a.dtype).eps
    steps = 0
    while bool(((x * x - a).abs() > 8 * eps * a).any()) and steps < 100:
        x = (x + a / x) * 0.5
        steps += 1
    return (x + a / x) * 0.5
