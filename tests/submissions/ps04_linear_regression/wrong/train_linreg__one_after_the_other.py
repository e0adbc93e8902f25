"""b is moved by a gradient that is taken after w has moved.

Fails: a step goes against the mean gradient of the batch, for w and b at once
Says: both belong to the same w and b
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w, b = torch.normal(0, 0.01, size=(features.shape[1], 1)), torch.zeros(1)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels.reshape(-1, 1)):
            w = w - lr * X.T @ (X @ w + b - y) / len(y)
            b = b - lr * (X @ w + b - y).mean(dim=0)
        losses.append(((features @ w + b - labels.reshape(-1, 1)) ** 2 / 2).mean().item())
    return w, b, losses
