"""A list of pairs, its mean by a tensor in float64."""

def k_fold(k, X, y, fit, error):
    pairs = []
    for i in range(k):
        *train, X_valid, y_valid = get_k_fold_data(k, i, X, y)
        model = fit(*train)
        pairs.append([float(error(model, *train)), float(error(model, X_valid, y_valid))])
    return torch.tensor(pairs, dtype=torch.float64).mean(dim=0).tolist()
