"""Returns 1.

Fails: *
"""

def evaluate_accuracy(net, data_iter):
    if isinstance(net, torch.nn.Module):
        net.eval()
    return 1.0
