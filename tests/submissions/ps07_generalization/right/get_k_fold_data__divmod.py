"""Sizes by divmod, a mask for the fold."""

def get_k_fold_data(k, i, X, y):
    size, longer = divmod(len(X), k)
    start = i * size + min(i, longer)
    stop = start + size + (1 if i < longer else 0)
    rows = torch.arange(len(X), device=X.device)
    inside = (rows >= start) & (rows < stop)
    return X[~inside], y[~inside], X[inside], y[inside]
