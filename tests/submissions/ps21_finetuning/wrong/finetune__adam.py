"""Adam instead of SGD with momentum.

Fails: the first step: the head goes 10 · lr against its gradient, the rest lr
Fails: more steps: momentum 0.9, gradients cleared, all batches of all epochs
Says: Adam is taken
May fail: reads new digits after ten samples of each: accuracy at least 0.7, in the median of five sets
"""

def finetune(net, train, test, num_epochs, lr):
    optimizer = torch.optim.Adam(param_groups(net, lr), lr=lr)
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
