"""pow by the operator, in another order."""


def himmelblau(x):
    x1, x2 = x[0], x[1]
    return (7 - x1 - x2 ** 2) ** 2 + (11 - x1 ** 2 - x2) ** 2
