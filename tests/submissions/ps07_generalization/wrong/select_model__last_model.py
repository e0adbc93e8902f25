"""Fits the last model, not the winner.

Fails: fits the winner once more, on all samples
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    return best, fit(X, y)
