"""Returns the means of the batches' means.

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
        loss_sum += losses.mean().item()
        right += (y_hat.argmax(dim=1) == y).float().mean().item()
        total += 1
    return loss_sum / total, right / total
