"""Only the first batch of each epoch.

Fails: more steps: momentum 0.9, gradients cleared, all batches of all epochs
Fails: reads new digits after ten samples of each: accuracy at least 0.7, in the median of five sets
Says: only the first batch of an epoch is used
"""

def finetune(net, train, test, num_epochs, lr):
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
            break
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in test:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
