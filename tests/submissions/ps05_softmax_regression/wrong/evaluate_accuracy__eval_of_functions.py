"""Calls eval() on plain functions too.

Fails: is the share of right predictions
Fails: counts every sample once, also when batches differ in size
"""

def evaluate_accuracy(net, data_iter):
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total
