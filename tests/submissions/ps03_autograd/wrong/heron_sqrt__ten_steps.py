"""Ten steps, whatever the entries.

Fails: is right to 1e-12 in float64 for entries from 1e-12 to 1e12, side by side
Fails: is right to 1e-6 in float32 for entries from 1e-8 to 1e8
Fails: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
Says: 10 steps are taken, and then no more
"""


def heron_sqrt(a):
    x = (a + 1) / 2
    for _ in range(10):
        x = (x + a / x) / 2
    return x
