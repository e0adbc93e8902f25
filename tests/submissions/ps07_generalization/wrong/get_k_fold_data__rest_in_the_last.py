"""The last fold gets the rest.

Fails: loses no row when k does not divide n: sizes differ by at most one
Fails: takes pictures, and labels in a column
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves X and y unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the last one has the rest as well
"""

def get_k_fold_data(k, i, X, y):
    size = len(X) // k
    start, stop = i * size, (i + 1) * size if i < k - 1 else len(X)
    return torch.cat([X[:start], X[stop:]]), torch.cat([y[:start], y[stop:]]), X[start:stop], y[start:stop]
