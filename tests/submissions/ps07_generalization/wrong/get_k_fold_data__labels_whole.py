"""The labels are not cut.

Fails: *
"""

def get_k_fold_data(k, i, X, y):
    Xs = X.tensor_split(k)
    return torch.cat(Xs[:i] + Xs[i + 1 :]), y, Xs[i], y
