"""Asks cross_validate twice for each model.

Fails: asks cross_validate once for each model
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        if cross_validate(fit)[1] < smallest:
            best, smallest = i, cross_validate(fit)[1]
    return best, fits[best](X, y)
