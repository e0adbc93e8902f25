"""A random block of consecutive rows.

Fails: the rows are chosen at random, each with the same chance
Says: different pairs of rows
"""

def train_val_split(X, y, val_share, generator):
    n, n_val = len(X), round(val_share * len(X))
    start = int(torch.randint(n, (1,), generator=generator))
    order = torch.arange(n).roll(-start)
    return X[order[n_val:]], y[order[n_val:]], X[order[:n_val]], y[order[:n_val]]
