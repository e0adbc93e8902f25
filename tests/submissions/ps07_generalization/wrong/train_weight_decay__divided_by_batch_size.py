"""Divides by batch_size, the short last batch too.

Fails: a short last batch counts with its own size
Says: is divided by batch_size
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w, b = torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            residual = X[rows] @ w + b - y[rows]
            w, b = (1 - lr * lambd) * w - lr * X[rows].T @ residual / batch_size, b - lr * residual.sum(0) / batch_size
    return w, b
