"""Freezes the whole network.

Fails: parameters up to and including `until` require no gradient, all others do
Fails: norm layers of the frozen part stay in evaluation mode after net.train()
Fails: the layers behind it follow net.train() and net.eval() as ever
Says: does not require a gradient any more
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
    return net
