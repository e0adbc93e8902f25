"""Returns the function, not a fitted model.

Fails: fits the winner once more, on all samples
Fails: asks cross_validate once for each model
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    return best, fits[best]
