"""Shuffles first, which nobody asked for.

Fails: *
"""

def get_k_fold_data(k, i, X, y):
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))
    folds = order.tensor_split(k)
    train = torch.cat(folds[:i] + folds[i + 1 :])
    return X[train], y[train], X[folds[i]], y[folds[i]]
