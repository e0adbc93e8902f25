"""First all fits, then all errors."""

def k_fold(k, X, y, fit, error):
    data = [get_k_fold_data(k, i, X, y) for i in range(k)]
    models = [fit(X_train, y_train) for X_train, y_train, _, _ in data]
    train = [float(error(m, d[0], d[1])) for m, d in zip(models, data)]
    valid = [float(error(m, d[2], d[3])) for m, d in zip(models, data)]
    return math.fsum(train) / k, math.fsum(valid) / k
