"""One model, fitted on all the data.

Fails: *
Says: one model, fitted on all the data
"""

def k_fold(k, X, y, fit, error):
    model = fit(X, y)
    parts = [get_k_fold_data(k, i, X, y) for i in range(k)]
    train = sum(float(error(model, p[0], p[1])) for p in parts) / k
    return train, sum(float(error(model, p[2], p[3])) for p in parts) / k
