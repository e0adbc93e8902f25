"""Sets a seed inside.

Fails: two calls give other numbers, and no seed is set
Says: is a seed set inside?
"""


def synthesize_data(w, b, num_examples):
    torch.manual_seed(0)
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
