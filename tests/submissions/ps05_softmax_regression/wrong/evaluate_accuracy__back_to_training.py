"""Switches the Module back to training mode at the end.

Fails: puts a Module in evaluation mode and leaves it there
"""

def evaluate_accuracy(net, data_iter):
    module = isinstance(net, torch.nn.Module)
    if module:
        net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    if module:
        net.train()
    return right / total
