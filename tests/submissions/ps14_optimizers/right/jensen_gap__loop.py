"""Point by point."""


def jensen_gap(f, X, alpha):
    mean = sum(a * f(x) for a, x in zip(alpha, X))
    return mean - f(sum(a * x for a, x in zip(alpha, X)))
