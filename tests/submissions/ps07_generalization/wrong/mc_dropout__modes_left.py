"""The modes stay changed.

Fails: leaves modes, parameters and buffers as they were
Says: not in the mode in which it was
"""

def mc_dropout(net, X, num_samples):
    net.eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.train()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
