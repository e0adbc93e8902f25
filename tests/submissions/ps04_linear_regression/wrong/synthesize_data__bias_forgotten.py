"""The bias is left out.

Fails: gives X (n, d) and y (n, 1), float32, with y near Xw + b
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
