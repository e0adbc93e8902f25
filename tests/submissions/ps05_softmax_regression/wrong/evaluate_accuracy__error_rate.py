"""Returns the share of mistakes.

Fails: *
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    wrong, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            wrong += (net(X).argmax(dim=1) != y).sum().item()
            total += len(y)
    return wrong / total
