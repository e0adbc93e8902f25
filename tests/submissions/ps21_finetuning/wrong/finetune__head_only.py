"""Only the head learns.

Fails: the first step: the head goes 10 · lr against its gradient, the rest lr
Says: only the head moves
May fail: reads new digits after ten samples of each: accuracy at least 0.7, in the median of five sets
"""

def finetune(net, train, test, num_epochs, lr):
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=10 * lr, momentum=0.9)
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
