"""Returns the loss only.

Fails: returns mean loss and accuracy of the whole epoch
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
            updater(len(y))
        loss_sum += losses.sum().item()
        right += (y_hat.argmax(dim=1) == y).sum().item()
        total += len(y)
    return loss_sum / total
