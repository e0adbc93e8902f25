"""One fold trains, the others validate.

Fails: *
Says: changed places
"""

def get_k_fold_data(k, i, X, y):
    Xs, ys = X.tensor_split(k), y.tensor_split(k)
    return Xs[i], ys[i], torch.cat(Xs[:i] + Xs[i + 1 :]), torch.cat(ys[:i] + ys[i + 1 :])
