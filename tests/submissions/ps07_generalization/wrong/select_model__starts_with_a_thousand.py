"""1000 as the largest error that there may be.

Fails: takes errors of any size, as numbers or tensors, call after call
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, 1000.0
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    return best, fits[best](X, y)
