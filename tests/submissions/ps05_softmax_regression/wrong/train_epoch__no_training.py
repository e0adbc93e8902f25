"""Measures everything and trains nothing.

Fails: trains with updater(batch_size): gradient of the summed losses, size of each batch
Fails: trains with a torch optimizer: clears, gradient of the mean loss, steps
Fails: puts a Module in training mode
"""

def train_epoch(net, train_iter, loss, updater):
    loss_sum, right, total = 0.0, 0, 0
    with torch.no_grad():
        for X, y in train_iter:
            y_hat = net(X)
            loss_sum += loss(y_hat, y).sum().item()
            right += (y_hat.argmax(dim=1) == y).sum().item()
            total += len(y)
    return loss_sum / total, right / total
