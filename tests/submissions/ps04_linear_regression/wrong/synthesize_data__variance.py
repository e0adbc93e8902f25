"""Takes 0.01 for the variance.

Fails: every label has noise of its own, of standard deviation 0.01
Says: the noise has the variance 0.01
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b + torch.randn(num_examples) * 0.01**0.5
    return X, y.reshape(-1, 1)
