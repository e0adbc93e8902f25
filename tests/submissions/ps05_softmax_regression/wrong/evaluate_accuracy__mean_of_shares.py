"""Returns the mean of the batches' shares: a short batch counts too much.

Fails: counts every sample once, also when batches differ in size
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    shares = []
    with torch.no_grad():
        for X, y in data_iter:
            shares.append((net(X).argmax(dim=1) == y).float().mean().item())
    return sum(shares) / len(shares)
