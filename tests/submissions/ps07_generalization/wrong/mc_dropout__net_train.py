"""net.train() wakes everything.

Fails: *
Says: only the torch.nn.Dropout layers are in training mode
"""

def mc_dropout(net, X, num_samples):
    net.train()
    with torch.no_grad():
        samples = torch.stack([net(X) for _ in range(num_samples)])
    return samples.mean(dim=0), samples.std(dim=0, correction=0)
