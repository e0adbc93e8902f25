"""Switches gradients off and on by hand; train(False) is eval()."""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.train(False)
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    n = correct = 0
    for X, y in data_iter:
        prediction = net(X).max(dim=1)[1]
        correct += int((prediction == y).sum())
        n += y.shape[0]
    torch.set_grad_enabled(before)
    return correct / n
