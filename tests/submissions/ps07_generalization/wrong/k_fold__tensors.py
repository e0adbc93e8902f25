"""Returns tensors.

Fails: takes errors that are numbers or tensors of one entry, and returns plain numbers
"""

def k_fold(k, X, y, fit, error):
    train, valid = [], []
    for i in range(k):
        X_train, y_train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(X_train, y_train)
        train.append(torch.as_tensor(error(model, X_train, y_train), dtype=torch.float64).reshape(()))
        valid.append(torch.as_tensor(error(model, X_valid, y_valid), dtype=torch.float64).reshape(()))
    return torch.stack(train).mean(), torch.stack(valid).mean()
