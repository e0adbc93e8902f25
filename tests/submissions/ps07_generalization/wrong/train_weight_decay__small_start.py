"""Starts with small weights.

Fails: weights start as normal numbers of deviation 1, the bias at 0
Fails: the weights decay in every step, by 1 - lr · λ
Says: they should start with 1
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w, b = 0.01 * torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            residual = X[rows] @ w + b - y[rows]
            w, b = (1 - lr * lambd) * w - lr * X[rows].T @ residual / len(rows), b - lr * residual.mean(0)
    return w, b
