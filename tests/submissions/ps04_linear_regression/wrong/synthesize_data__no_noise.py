"""No noise at all.

Fails: every label has noise of its own, of standard deviation 0.01
Fails: two calls give other numbers, and no seed is set
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    return X, (X @ w + b).reshape(-1, 1)
