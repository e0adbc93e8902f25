"""MSELoss without its half.

Fails: reaches the minimum that ridge has
Fails: a short last batch counts with its own size
Fails: every epoch takes each sample once, in a new random order
Fails: takes labels (n,) as well as (n, 1)
Fails: w and b have the dtype of X and carry no graph; X and y are left as they were
Fails: gives the same when it is called again, and leaves the program as it was
May fail: understands new data with 200 features and 20 samples
Says: λ is half as large
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    y = y.reshape(-1, 1)
    w = torch.randn(X.shape[1], 1, dtype=X.dtype, requires_grad=True)
    b = torch.zeros(1, dtype=X.dtype, requires_grad=True)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(batch_size):
            loss = torch.nn.functional.mse_loss(X[rows] @ w + b, y[rows]) + lambd / 2 * (w**2).sum()
            loss.backward()
            with torch.no_grad():
                for p in (w, b):
                    p -= lr * p.grad
                    p.grad.zero_()
    return w.detach(), b.detach()
