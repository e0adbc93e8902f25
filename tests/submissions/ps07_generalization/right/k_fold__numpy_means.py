"""Means by NumPy, which are NumPy's numbers."""

def k_fold(k, X, y, fit, error):
    import numpy as np

    errors = np.zeros((k, 2))
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        errors[i] = float(error(model, X_train, y_train)), float(error(model, X_valid, y_valid))
    return np.mean(errors[:, 0]), np.mean(errors[:, 1])
