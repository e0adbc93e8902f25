"""Forgets zero_grad for the optimizer.

Fails: trains with a torch optimizer: clears, gradient of the mean loss, steps
"""

def train_epoch(net, train_iter, loss, updater):
    if isinstance(net, torch.nn.Module):
        net.train()
    loss_sum, right, total = 0.0, 0, 0
    for X, y in train_iter:
        y_hat = net(X)
        losses = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            pass
            losses.mean().backward()
            updater.step()
        else:
            losses.sum().backward()
            updater(len(y))
        loss_sum += losses.sum().item()
        right += (y_hat.argmax(dim=1) == y).sum().item()
        total += len(y)
    return loss_sum / total, right / total
