"""Returns a list; weights the mean loss of each batch by its size."""

def train_epoch(net, train_iter, loss, updater):
    if isinstance(net, torch.nn.Module):
        net.train(True)
    total_loss = correct = n = 0
    for X, y in train_iter:
        out = net(X)
        batch_loss = loss(out, y)
        if callable(updater) and not isinstance(updater, torch.optim.Optimizer):
            batch_loss.sum().backward()
            updater(len(X))
        else:
            updater.zero_grad()
            (batch_loss.sum() / len(X)).backward()
            updater.step()
        total_loss += batch_loss.mean().item() * len(X)
        correct += (out.max(1).indices == y).sum().item()
        n += len(X)
    return [total_loss / n, correct / n]
