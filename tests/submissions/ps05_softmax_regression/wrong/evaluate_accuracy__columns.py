"""Takes the argmax over the samples.

Fails: *
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            guess = net(X).argmax(dim=0)
            right += sum(int(g == t) for g, t in zip(guess, y))
            total += len(y)
    return right / total
