"""Validation error first.

Fails: gives the mean error on the folds that were left out
Fails: gives the mean error on the folds that were learned from
Fails: every round counts the same, also when a fold is a row shorter
Fails: takes errors that are numbers or tensors of one entry, and returns plain numbers
Fails: leaves X and y unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the two errors have changed places
"""

def k_fold(k, X, y, fit, error):
    train = valid = 0.0
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        train += float(error(model, X_train, y_train))
        valid += float(error(model, X_valid, y_valid))
    return valid / k, train / k
