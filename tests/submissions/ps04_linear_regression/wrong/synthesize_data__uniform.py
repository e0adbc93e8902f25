"""Features from rand, between 0 and 1.

Fails: the features are standard normal, each drawn on its own
"""


def synthesize_data(w, b, num_examples):
    X = torch.rand(num_examples, len(w))
    y = X @ w + b
    y = y + torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)
