"""The loop of the book, over folds of right sizes."""

def get_k_fold_data(k, i, X, y):
    ends = [0]
    for j in range(k):
        ends.append(ends[-1] + len(X) // k + (j < len(X) % k))
    X_train, y_train = None, None
    for j in range(k):
        idx = slice(ends[j], ends[j + 1])
        X_part, y_part = X[idx], y[idx]
        if j == i:
            X_valid, y_valid = X_part, y_part
        elif X_train is None:
            X_train, y_train = X_part, y_part
        else:
            X_train, y_train = torch.cat([X_train, X_part], 0), torch.cat([y_train, y_part], 0)
    return X_train, y_train, X_valid, y_valid
