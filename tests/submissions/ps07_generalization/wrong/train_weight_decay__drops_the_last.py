"""The short last batch is left out.

Fails: a short last batch counts with its own size
Fails: the weights decay in every step, by 1 - lr · λ
Says: is left out
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w, b = torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        order = torch.randperm(len(X))
        for i in range(0, len(X) - batch_size + 1, batch_size):
            rows = order[i : i + batch_size]
            residual = X[rows] @ w + b - y[rows]
            w, b = (1 - lr * lambd) * w - lr * X[rows].T @ residual / len(rows), b - lr * residual.mean(0)
    return w, b
