"""gradient(y, y_hat).

Fails: moves w and b against the mean of the given gradient, both at once
Fails: with Huber's gradient a tenth of spoiled labels does not move the fit
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    for _ in range(num_steps):
        g = gradient(y, X @ w + b)
        w, b = w - lr * X.T @ g / len(X), b - lr * g.mean(dim=0)
    return w, b
