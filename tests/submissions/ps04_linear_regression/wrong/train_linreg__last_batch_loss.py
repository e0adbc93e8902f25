"""The last batch's loss stands for the epoch's. (001)

Fails: records the mean loss over all data after each epoch
Says: not the mean of the squared losses of all samples after the epoch
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w = torch.normal(0, 0.01, size=(features.shape[1], 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            l = squared_loss(linreg(X, w, b), y)
            l.sum().backward()
            sgd([w, b], lr, len(y))
        losses.append(l.mean().item())
    return w.detach(), b.detach(), losses
