"""Adds the digits to a, so that the slope is 1.

Fails: gradients are right
Fails: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
"""


def heron_sqrt(a):
    x = (a.detach() + 1) / 2
    for _ in range(40):
        x = (x + a.detach() / x) / 2
    return x + (a - a.detach())
