"""An absolute tolerance of 1e-10, too large for the smallest roots.

Fails: is right to 1e-12 in float64 for entries from 1e-12 to 1e12, side by side
"""


def heron_sqrt(a):
    x = (a + 1) / 2
    for _ in range(60):
        new = (x + a / x) / 2
        if ((new - x).abs() <= 1e-10).all():
            return new
        x = new
    return x
