"""The training error decides.

Fails: *
Says: the training error decides
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        error, _ = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    return best, fits[best](X, y)
