"""Ends with net.train(), whatever the mode was before.

Fails: touches no other network, nor the mode of the layers behind it, nor the program
Says: put a layer behind `until` in training mode
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
    return net.train()
