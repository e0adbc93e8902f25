"""The step goes with the gradient.

Fails: a step goes against the mean gradient of the batch, for w and b at once
Fails: finds the weights and the bias behind 300 samples
Says: the step goes uphill
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w = torch.normal(0, 0.01, size=(features.shape[1], 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], -lr, len(y))
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return w.detach(), b.detach(), losses
