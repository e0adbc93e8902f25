"""Leaves the Module in training mode. (001)

Fails: puts a Module in evaluation mode and leaves it there
"""

def evaluate_accuracy(net, data_iter):
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
