"""The deviation with n - 1.

Fails: gives the deviation with 1 / num_samples
Fails: one sample has the deviation 0
Says: divided by num_samples - 1
"""

def mc_dropout(net, X, num_samples):
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0)
