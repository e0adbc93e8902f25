"""Norm layers inside a child are forgotten.

Fails: norm layers of the frozen part stay in evaluation mode after net.train()
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        if isinstance(child, nn.BatchNorm2d):
            child.eval()
            child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
