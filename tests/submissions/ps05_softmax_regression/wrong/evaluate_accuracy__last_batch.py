"""Keeps the last batch only.

Fails: *
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            share = (net(X).argmax(dim=1) == y).float().mean().item()
    return share
