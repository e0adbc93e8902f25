"""The bias is forgotten in the step.

Fails: moves w and b against the mean of the given gradient, both at once
Fails: with Huber's gradient a tenth of spoiled labels does not move the fit
Says: b is never moved
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    for _ in range(num_steps):
        w = w - lr * X.T @ gradient(X @ w + b, y) / len(X)
    return w, b
