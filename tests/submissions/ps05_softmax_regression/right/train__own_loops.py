"""Writes the loops out, with nothing but PyTorch."""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    is_module = isinstance(net, torch.nn.Module)
    history = []
    for _ in range(num_epochs):
        if is_module:
            net.train()
        total, hits, n = 0.0, 0, 0
        for X, y in train_iter:
            y_hat = net(X)
            l = loss(y_hat, y)
            if isinstance(updater, torch.optim.Optimizer):
                updater.zero_grad()
                l.mean().backward()
                updater.step()
            else:
                l.sum().backward()
                updater(len(y))
            total, hits, n = total + float(l.detach().sum()), hits + int((y_hat.argmax(1) == y).sum()), n + len(y)
        if is_module:
            net.eval()
        with torch.no_grad():
            test = torch.cat([net(X).argmax(1) == y for X, y in test_iter]).double().mean().item()
        history.append((total / n, hits / n, test))
    return history
