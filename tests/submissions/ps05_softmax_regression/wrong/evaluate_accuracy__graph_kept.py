"""Calls net with the graph on. (000 §1.3.4)

Fails: records no graph
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    right, total = 0, 0
    for X, y in data_iter:
        right += (net(X).argmax(dim=1) == y).sum().item()
        total += y.numel()
    return right / total
