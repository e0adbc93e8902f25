"""Starts with the error of the first model, which may be NaN.

Fails: NaN never wins, wherever it stands
Says: NaN wins
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, cross_validate(fits[0])[1]
    for i, fit in enumerate(fits[1:], 1):
        _, error = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    return best, fits[best](X, y)
