"""One step is made even where none is asked for.

Fails: after no step w and b are zeros
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    y = y.reshape(-1, 1)
    step = 0
    while True:
        g = gradient(X @ w + b, y)
        w, b = w - lr * X.T @ g / len(X), b - lr * g.mean(dim=0)
        step += 1
        if step >= num_steps:
            return w, b
