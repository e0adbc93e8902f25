"""Thirty steps for everybody."""


def heron_sqrt(a):
    x = (a + 1) / 2
    for _ in range(30):
        x = (x + a / x) / 2
    return x
