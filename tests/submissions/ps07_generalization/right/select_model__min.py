"""min over the indices whose error is a number."""

def select_model(fits, cross_validate, X, y):
    errors = [float(cross_validate(fit)[1]) for fit in fits]
    index = min((i for i in range(len(errors)) if not math.isnan(errors[i])), key=lambda i: errors[i])
    return index, fits[index](X, y)
