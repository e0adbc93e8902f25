"""Only BatchNorm2d is kept in evaluation mode, no other kind of norm layer.

Fails: norm layers of the frozen part stay in evaluation mode after net.train()
Says: norm.running_mean has moved
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        for layer in child.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eval()
                layer.train = lambda mode=True, layer=layer: layer
        if name == until:
            break
    return net
