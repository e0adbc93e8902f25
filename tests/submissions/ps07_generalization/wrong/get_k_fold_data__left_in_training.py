"""The fold stays in the training part.

Fails: *
Says: left in the training part
"""

def get_k_fold_data(k, i, X, y):
    return X, y, X.tensor_split(k)[i], y.tensor_split(k)[i]
