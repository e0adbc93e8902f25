"""One column is drawn and repeated.

Fails: the features are standard normal, each drawn on its own
Says: two features go up and down together
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, 1)).repeat(1, len(w))
    y = X @ w + b
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
