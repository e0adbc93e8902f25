"""Every batch is drawn from all samples, with replacement.

Fails: a step goes against the mean gradient of the batch, for w and b at once
"""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    n = len(features)
    w = torch.normal(0, 0.01, size=(features.shape[1], 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for i in range(0, n, batch_size):
            rows = torch.randint(0, n, (min(batch_size, n - i),))
            squared_loss(linreg(features[rows], w, b), labels[rows]).sum().backward()
            sgd([w, b], lr, len(rows))
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return w.detach(), b.detach(), losses
