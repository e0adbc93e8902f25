"""Folds written out, running sums."""

def k_fold(k, X, y, fit, error):
    train_sum = valid_sum = 0.0
    rows = torch.arange(len(X)).tensor_split(k)
    for i in range(k):
        rest = torch.cat([fold for j, fold in enumerate(rows) if j != i])
        model = fit(X[rest], y[rest])
        train_sum += float(error(model, X[rest], y[rest]))
        valid_sum += float(error(model, X[rows[i]], y[rows[i]]))
    return train_sum / k, valid_sum / k
