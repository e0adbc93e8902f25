"""Only the noise has a fixed seed.

Fails: two calls give other numbers, and no seed is set
Says: two calls gave the same noise
"""


def synthesize_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = X @ w + b
    y = y + 0.01 * torch.randn(num_examples, generator=torch.Generator().manual_seed(42))
    return X, y.reshape(-1, 1)
