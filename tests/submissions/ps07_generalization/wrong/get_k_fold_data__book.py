"""Folds of n // k rows, as in the book: the rest is lost.

Fails: loses no row when k does not divide n: sizes differ by at most one
Fails: takes pictures, and labels in a column
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves X and y unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the rest is lost
"""

def get_k_fold_data(k, i, X, y):
    fold_size = X.shape[0] // k
    X_train, y_train = None, None
    for j in range(k):
        idx = slice(j * fold_size, (j + 1) * fold_size)
        X_part, y_part = X[idx, :], y[idx]
        if j == i:
            X_valid, y_valid = X_part, y_part
        elif X_train is None:
            X_train, y_train = X_part, y_part
        else:
            X_train = torch.cat([X_train, X_part], 0)
            y_train = torch.cat([y_train, y_part], 0)
    return X_train, y_train, X_valid, y_valid
