"""Returns nothing.

Fails: returns the network
Says: does not return
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
