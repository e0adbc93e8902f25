"""Refits on half of the data.

Fails: fits the winner once more, on all samples
Says: was fitted on 4 of 9 samples
"""

def select_model(fits, cross_validate, X, y):
    best, smallest = 0, math.inf
    for i, fit in enumerate(fits):
        _, error = cross_validate(fit)
        if error < smallest:
            best, smallest = i, error
    half = len(X) // 2
    return best, fits[best](X[:half], y[:half])
