"""Labels (n,) broadcast to (n, n).

Fails: takes labels (n,) as well as (n, 1)
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    w, b = torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            residual = X[rows] @ w + b - y[rows]
            w, b = (1 - lr * lambd) * w - lr * X[rows].T @ residual / len(rows), b - lr * residual.mean(0)
    return w, b
