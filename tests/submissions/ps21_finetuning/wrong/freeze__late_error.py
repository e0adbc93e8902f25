"""Raises the error only after everything has been frozen.

Fails: an unknown name raises ValueError and changes nothing
Says: only after it had frozen something
"""

def freeze(net, until):
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    else:
        raise ValueError(f"the network has no child named {until!r}")
    return net
