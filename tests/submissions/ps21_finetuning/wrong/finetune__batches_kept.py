"""Makes a list of the training batches first: the same ones in each epoch.

Fails: goes through the training data anew in each epoch
Says: has met 2 different batches
"""

def finetune(net, train, test, num_epochs, lr):
    train = list(train)
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
