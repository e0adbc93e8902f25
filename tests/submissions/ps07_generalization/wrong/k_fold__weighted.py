"""The rounds are weighted with the sizes of the folds.

Fails: every round counts the same, also when a fold is a row shorter
Fails: takes errors that are numbers or tensors of one entry, and returns plain numbers
Fails: gives the same when it is called again, and leaves the program as it was
Says: weighted with their numbers of rows
"""

def k_fold(k, X, y, fit, error):
    train = valid = n_train = n_valid = 0.0
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        train += float(error(model, X_train, y_train)) * len(X_train)
        valid += float(error(model, X_valid, y_valid)) * len(X_valid)
        n_train, n_valid = n_train + len(X_train), n_valid + len(X_valid)
    return train / n_train, valid / n_valid
