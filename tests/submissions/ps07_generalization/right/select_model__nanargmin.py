"""NumPy's nanargmin: the first of the smallest, NaN passed over; its index is a NumPy number."""

def select_model(fits, cross_validate, X, y):
    import numpy as np

    errors = np.array([float(cross_validate(fit)[1]) for fit in fits])
    best = np.nanargmin(errors)
    return best, fits[best](X, y)
