"""Labels (n,): the last reshape is missing.

Fails: gives X (n, d) and y (n, 1), float32, with y near Xw + b
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b
    return X, y + torch.normal(0, 0.01, y.shape)
