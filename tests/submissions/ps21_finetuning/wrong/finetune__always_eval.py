"""Trains in evaluation mode.

Fails: trains in training mode, tests in evaluation mode and without a graph
Says: met the network in evaluation mode
May fail: reads new digits after ten samples of each: accuracy at least 0.7, in the median of five sets
"""

def finetune(net, train, test, num_epochs, lr):
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        net.eval()
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
