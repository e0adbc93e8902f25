"""Rounds counted from 1.

Fails: *
"""

def get_k_fold_data(k, i, X, y):
    folds = torch.arange(len(X)).tensor_split(k)
    i = (i - 1) % k
    train = torch.cat(folds[:i] + folds[i + 1 :])
    return X[train], y[train], X[folds[i]], y[folds[i]]
