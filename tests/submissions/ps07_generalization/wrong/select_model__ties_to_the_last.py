"""<= lets the last of equals win.

Fails: of equal errors the simplest model wins
Says: of equals the last one wins
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error <= smallest:
            best, smallest = i, error
    return best, fits[best](X, y)
