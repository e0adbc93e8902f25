"""Dropout sleeps.

Fails: *
"""

def mc_dropout(net, X, num_samples):
    net = copy.deepcopy(net).eval()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
