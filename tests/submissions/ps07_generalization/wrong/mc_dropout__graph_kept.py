"""The graph is recorded.

Fails: records no graph
"""

def mc_dropout(net, X, num_samples):
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
