"""The largest validation error wins.

Fails: *
Says: the largest validation error wins
"""

def select_model(fits, cross_validate, X, y):
    best, largest = 0, -math.inf
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error > largest:
            best, largest = i, error
    return best, fits[best](X, y)
