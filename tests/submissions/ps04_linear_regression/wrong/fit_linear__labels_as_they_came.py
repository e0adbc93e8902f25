"""y is not reshaped.

Fails: moves w and b against the mean of the given gradient, both at once
Fails: gives predictions and labels to the gradient as (n, 1)
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    for _ in range(num_steps):
        g = gradient(X @ w + b, y)
        w, b = w - lr * X.T @ g / len(X), b - lr * g.mean(dim=0)
    return w, b
