"""Only the parameters are frozen; the statistics move on.

Fails: norm layers of the frozen part stay in evaluation mode after net.train()
Says: running_mean has moved
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        if name == until:
            break
    return net
