"""The weights decay once an epoch.

Fails: understands new data with 200 features and 20 samples
Fails: the weights decay in every step, by 1 - lr · λ
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w, b = torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        for i, rows in enumerate(torch.randperm(len(X)).split(batch_size)):
            residual = X[rows] @ w + b - y[rows]
            decay = 1 - lr * lambd if i == 0 else 1
            w, b = decay * w - lr * X[rows].T @ residual / len(rows), b - lr * residual.mean(0)
    return w, b
