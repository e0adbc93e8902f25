"""Two features, by hand, as in the second set of notes.

Fails: gives X (n, d) and y (n, 1), float32, with y near Xw + b
Fails: the features are standard normal, each drawn on its own
"""


def synthesize_data(w, b, num_examples):
    X = torch.randn(num_examples, 2)
    y = w[0] * X[:, 0] + w[1] * X[:, 1] + b
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
