"""A fold of one row loses its dimension.

Fails: k = n leaves one sample out
"""

def get_k_fold_data(k, i, X, y):
    Xs, ys = X.tensor_split(k), y.tensor_split(k)
    X_valid, y_valid = Xs[i], ys[i]
    if len(X_valid) == 1:
        X_valid, y_valid = X_valid[0], y_valid[0]
    return torch.cat(Xs[:i] + Xs[i + 1 :]), torch.cat(ys[:i] + ys[i + 1 :]), X_valid, y_valid
