"""The training error is measured on all the data.

Fails: gives the mean error on the folds that were learned from
Fails: leaves X and y unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the fold that was left out included
"""

def k_fold(k, X, y, fit, error):
    train = valid = 0.0
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        train += float(error(model, X, y))
        valid += float(error(model, X_valid, y_valid))
    return train / k, valid / k
