"""Switches the statistics off: they stand still, but the batch's own are used in training mode.

Fails: norm layers of the frozen part stay in evaluation mode after net.train()
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        for layer in child.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.track_running_stats = False
        if name == until:
            break
    return net
