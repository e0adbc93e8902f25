"""Mean over the samples by broadcasting."""


def fit_linear(X, y, gradient, lr, num_steps):
    w, b = torch.zeros_like(X[0])[:, None], torch.zeros_like(X[0, :1])
    for _ in range(num_steps):
        g = gradient(linreg(X, w, b), y.reshape(len(X), 1))
        w, b = w - lr * (g * X).mean(0)[:, None], b - lr * g.mean()
    return w, b
