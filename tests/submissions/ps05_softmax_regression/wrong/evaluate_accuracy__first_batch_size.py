"""Divides by the number of batches times the size of the first.

Fails: counts every sample once, also when batches differ in size
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    right, batches_seen, size = 0, 0, None
    with torch.no_grad():
        for X, y in data_iter:
            size = len(y) if size is None else size
            right += (net(X).argmax(dim=1) == y).sum().item()
            batches_seen += 1
    return right / (batches_seen * size)
