"""The bias as the weight of a column of ones."""


def linreg_gradients(X, y, w, b):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    theta = torch.cat([w, b.reshape(1, 1)])
    g = A.T @ (A @ theta - y.reshape(-1, 1))
    return g[:-1], g[-1]
