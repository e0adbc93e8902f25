"""Never negative by force.

Fails: is negative where f is not convex
Says: replaced by 0
"""


def jensen_gap(f, X, alpha):
    return (alpha @ f(X) - f(alpha @ X)).clamp(min=0)
