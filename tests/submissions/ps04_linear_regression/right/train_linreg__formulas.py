"""The gradients by formula, no autograd; a list of row numbers is shuffled."""

import random


def train_linreg(features, labels, lr, num_epochs, batch_size):
    n, d = features.shape
    y = labels.reshape(n, 1)
    w, b = 0.01 * torch.randn(d, 1), torch.zeros(1)
    losses, rows = [], list(range(n))
    for epoch in range(num_epochs):
        random.shuffle(rows)
        for i in range(0, n, batch_size):
            chosen = rows[i : i + batch_size]
            dw, db = linreg_gradients(features[chosen], y[chosen], w, b)
            w = w - lr * dw / len(chosen)
            b = b - lr * db / len(chosen)
        losses.append(float(((features @ w + b - y) ** 2).mean()) / 2)
    return w, b, losses
