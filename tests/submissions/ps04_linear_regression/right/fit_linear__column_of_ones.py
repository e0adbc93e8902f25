"""The bias as the weight of a column of ones."""


def fit_linear(X, y, gradient, lr, num_steps):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    theta = torch.zeros(A.shape[1], 1, dtype=X.dtype)
    for _ in range(num_steps):
        theta = theta - lr / len(A) * (A.T @ gradient(A @ theta, y.reshape(-1, 1)))
    return theta[:-1], theta[-1]
