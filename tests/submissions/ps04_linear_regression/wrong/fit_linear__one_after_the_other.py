"""b after w, with a gradient of its own.

Fails: moves w and b against the mean of the given gradient, both at once
Says: both belong to the same predictions
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    for _ in range(num_steps):
        w = w - lr * X.T @ gradient(X @ w + b, y) / len(X)
        b = b - lr * gradient(X @ w + b, y).mean(dim=0)
    return w, b
