"""X and y are cut, and put together again."""

def get_k_fold_data(k, i, X, y):
    Xs, ys = list(torch.tensor_split(X, k)), list(torch.tensor_split(y, k))
    X_valid, y_valid = Xs.pop(i), ys.pop(i)
    return torch.cat(Xs), torch.cat(ys), X_valid, y_valid
