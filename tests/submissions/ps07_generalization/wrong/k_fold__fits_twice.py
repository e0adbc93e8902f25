"""Fits anew for the validation error.

Fails: fits k times, each time on the k - 1 other folds
Says: fit was called 6 times for k=3
"""

def k_fold(k, X, y, fit, error):
    train = valid = 0.0
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        train += float(error(fit(X_train, y_train), X_train, y_train))
        valid += float(error(fit(X_train, y_train), X_valid, y_valid))
    return train / k, valid / k
