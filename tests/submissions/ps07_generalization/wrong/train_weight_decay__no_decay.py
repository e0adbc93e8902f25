"""λ is not used.

Fails: reaches the minimum that ridge has
Fails: understands new data with 200 features and 20 samples
Fails: the weights decay in every step, by 1 - lr · λ
Fails: takes labels (n,) as well as (n, 1)
Fails: w and b have the dtype of X and carry no graph; X and y are left as they were
Fails: gives the same when it is called again, and leaves the program as it was
Says: nothing is penalised
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w, b = torch.randn(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            residual = X[rows] @ w + b - y[rows]
            w, b = w - lr * X[rows].T @ residual / len(rows), b - lr * residual.mean(0)
    return w, b
