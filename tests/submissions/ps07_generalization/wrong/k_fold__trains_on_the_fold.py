"""Fits on the one fold, and validates on the others.

Fails: *
Says: the model is fitted on the fold
"""

def k_fold(k, X, y, fit, error):
    train = valid = 0.0
    for i in range(k):
        X_valid, y_valid, X_train, y_train = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        train += float(error(model, X_train, y_train))
        valid += float(error(model, X_valid, y_valid))
    return train / k, valid / k
