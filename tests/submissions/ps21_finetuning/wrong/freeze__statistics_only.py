"""Only the statistics are frozen; the parameters move on.

Fails: parameters up to and including `until` require no gradient, all others do
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
