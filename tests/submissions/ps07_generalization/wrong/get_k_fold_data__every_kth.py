"""Every k-th row instead of a block.

Fails: fold i validates, all others train, in their order
Fails: loses no row when k does not divide n: sizes differ by at most one
Fails: takes pictures, and labels in a column
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves X and y unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: every k-th row
"""

def get_k_fold_data(k, i, X, y):
    inside = torch.arange(len(X)) % k == i
    return X[~inside], y[~inside], X[inside], y[inside]
