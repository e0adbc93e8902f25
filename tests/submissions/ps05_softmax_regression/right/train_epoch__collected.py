"""Clears after the step, not before; collects all losses and hits and takes their means at the end, as tensors."""

def train_epoch(net, train_iter, loss, updater):
    if hasattr(net, "train"):
        net.train()
    all_losses, hits = [], []
    for X, y in train_iter:
        prediction = net(X)
        losses = loss(prediction, y)
        if isinstance(updater, torch.optim.Optimizer):
            losses.mean().backward()
            updater.step()
            updater.zero_grad()
        else:
            losses.sum().backward()
            updater(y.shape[0])
        all_losses.append(losses.detach())
        hits.append(prediction.argmax(1) == y)
    return torch.cat(all_losses).mean(), torch.cat(hits).double().mean()
