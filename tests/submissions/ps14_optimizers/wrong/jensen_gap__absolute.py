"""abs.

Fails: is negative where f is not convex
Says: absolute value
"""


def jensen_gap(f, X, alpha):
    return (alpha @ f(X) - f(alpha @ X)).abs()
