"""An absolute tolerance.

Fails: is right to 1e-12 in float64 for entries from 1e-12 to 1e12, side by side
May fail: is right to 1e-6 in float32 for entries from 1e-8 to 1e8
May fail: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
"""


def heron_sqrt(a):
    x = (a + 1) / 2
    for _ in range(1000):
        before, x = x, (x + a / x) / 2
        if ((x - before).abs() < 1e-6).all():
            break
    return x
