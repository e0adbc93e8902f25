"""Puts all batches together and takes one step.

Fails: trains with updater(batch_size): gradient of the summed losses, size of each batch
Fails: trains with a torch optimizer: clears, gradient of the mean loss, steps
Fails: puts a Module in training mode
"""

def train_epoch(net, train_iter, loss, updater):
    if isinstance(net, torch.nn.Module):
        net.train()
    X, y = (torch.cat(part) for part in zip(*train_iter))
    y_hat = net(X)
    losses = loss(y_hat, y)
    if isinstance(updater, torch.optim.Optimizer):
        updater.zero_grad()
        losses.mean().backward()
        updater.step()
    else:
        losses.sum().backward()
        updater(len(y))
    return losses.mean().item(), (y_hat.argmax(dim=1) == y).double().mean().item()
