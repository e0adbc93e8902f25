"""Tells the updater the size of the first batch throughout.

Fails: trains with updater(batch_size): gradient of the summed losses, size of each batch
"""

def train_epoch(net, train_iter, loss, updater):
    if isinstance(net, torch.nn.Module):
        net.train()
    loss_sum, right, total = 0.0, 0, 0
    for X, y in train_iter:
        y_hat = net(X)
        losses = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            losses.mean().backward()
            updater.step()
        else:
            losses.sum().backward()
            batch_size = len(y) if total == 0 else batch_size
            updater(batch_size)
        loss_sum += losses.sum().item()
        right += (y_hat.argmax(dim=1) == y).sum().item()
        total += len(y)
    return loss_sum / total, right / total
