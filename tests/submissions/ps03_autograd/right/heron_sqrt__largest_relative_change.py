"""Stops when the largest relative change is small, after one step more."""


def heron_sqrt(a):
    x = torch.ones_like(a)
    small = 1e-9 if a.dtype == torch.float64 else 1e-5
    change = 1.0
    while change > small:
        new = 0.5 * (x + a / x)
        change = ((new - x).abs() / new).max().item()
        x = new
    return 0.5 * (x + a / x)
