"""float32 zeros.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = torch.zeros(X.shape[1], 1), torch.zeros(1)
    X, y = X.float(), y.float().reshape(-1, 1)
    for _ in range(num_steps):
        g = gradient(X @ w + b, y)
        w, b = w - lr * X.T @ g / len(X), b - lr * g.mean(dim=0)
    return w, b
