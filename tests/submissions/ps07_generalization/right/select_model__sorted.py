"""Sorting is stable: the first of equals stays first."""

def select_model(fits, cross_validate, X, y):
    candidates = []
    for i, fit in enumerate(fits):
        training, validation = cross_validate(fit)
        if validation == validation:
            candidates.append((float(validation), i))
    best = sorted(candidates)[0][1]
    model = fits[best](X, y)
    return best, model
