"""On the network itself; modes noted and put back."""

def mc_dropout(net, X, num_samples):
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    try:
        with torch.no_grad():
            total = squares = 0
            results = [net(X) for _ in range(num_samples)]
    finally:
        for module, mode in modes:
            module.training = mode
    mean = sum(results) / num_samples
    variance = sum((r - mean) ** 2 for r in results) / num_samples
    return mean, variance.sqrt()
