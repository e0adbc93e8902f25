"""Noise that is uniform, with the right deviation.

Fails: every label has noise of its own, of standard deviation 0.01
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = (X @ w + b).reshape(-1, 1)
    return X, y + (torch.rand(num_examples, 1) - 0.5) * 0.01 * 12**0.5
