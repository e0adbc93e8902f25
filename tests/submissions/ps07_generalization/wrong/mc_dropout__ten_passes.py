"""Ten passes, whatever num_samples says.

Fails: *
"""

def mc_dropout(net, X, num_samples):
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(10)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
