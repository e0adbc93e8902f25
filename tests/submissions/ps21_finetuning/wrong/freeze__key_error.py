"""An unknown name raises KeyError.

Fails: an unknown name raises ValueError and changes nothing
Says: raised KeyError
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise KeyError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
