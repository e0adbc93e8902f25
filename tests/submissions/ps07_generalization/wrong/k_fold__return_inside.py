"""The return stands inside the loop.

Fails: *
Says: is the return inside the loop?
"""

def k_fold(k, X, y, fit, error):
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        return float(error(model, X_train, y_train)), float(error(model, X_valid, y_valid))
