"""Switches autograd off for the test, and on again only when it trains next.

Fails: leaves the program as it was
Says: autograd is switched off
"""

def finetune(net, train, test, num_epochs, lr):
    torch.set_grad_enabled(True)
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
    net.eval()
    right, total = 0, 0
    torch.set_grad_enabled(False)
    for X, y in test:
        right += (net(X).argmax(dim=1) == y).sum().item()
        total += len(y)
    return right / total
