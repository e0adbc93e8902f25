"""Sums, where means belong.

Fails: moves w and b against the mean of the given gradient, both at once
Fails: with Huber's gradient a tenth of spoiled labels does not move the fit
Says: the gradients of the samples are added up
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    for _ in range(num_steps):
        g = gradient(X @ w + b, y)
        w, b = w - lr * X.T @ g, b - lr * g.sum(dim=0)
    return w, b
