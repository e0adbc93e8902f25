"""a ** 0.5.

Fails: *
"""


def heron_sqrt(a):
    return a ** 0.5
