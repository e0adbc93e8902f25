"""Thaws the frozen layers first.

Fails: frozen layers are left alone
Says: is frozen, and was changed
"""

def finetune(net, train, test, num_epochs, lr):
    net.requires_grad_(True)
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in test:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
