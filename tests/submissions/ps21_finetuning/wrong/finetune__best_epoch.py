"""Tests after each epoch, and returns the best accuracy of all.

Fails: the accuracy is that after the last epoch
Says: more than its accuracy at the end
"""

def accuracy(net, test):
    net.eval()
    with torch.no_grad():
        hits = torch.cat([net(X).argmax(dim=1) == y for X, y in test])
    return hits.double().mean().item()

def finetune(net, train, test, num_epochs, lr):
    optimizer = torch.optim.SGD(param_groups(net, lr), lr=lr, momentum=0.9)
    best = 0.0
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X), y).backward()
            optimizer.step()
        best = max(best, accuracy(net, test))
    return best
