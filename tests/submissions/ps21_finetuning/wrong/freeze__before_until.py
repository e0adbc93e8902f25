"""Stops before `until`: the layer itself is not frozen.

Fails: parameters up to and including `until` require no gradient, all others do
Fails: norm layers of the frozen part stay in evaluation mode after net.train()
Fails: no weight, statistic or name of the network is changed by freezing
Says: bn1.weight still requires a gradient
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        if name == until:
            break
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
