"""Labels (n,) meet predictions (n, 1).

Fails: a step goes against the mean gradient of the batch, for w and b at once
Says: broadcasting pairs every prediction with every label
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w = torch.normal(0, 0.01, size=(features.shape[1], 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            ((X @ w + b - y) ** 2 / 2).mean().backward()
            sgd([w, b], lr, 1)
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return w.detach(), b.detach(), losses
