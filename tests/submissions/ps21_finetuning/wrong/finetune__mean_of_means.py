"""The mean of the shares of the test batches.

Fails: returns the share of right answers over all test samples
Says: batches must count by their size
"""

def finetune(net, train, test, num_epochs, lr):
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
            right += (net(X).argmax(dim=1) == y).float().mean().item()
            total += 1
    return right / total
