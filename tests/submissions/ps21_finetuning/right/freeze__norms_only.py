"""Only the norm layers are kept in evaluation mode, each by a train of its own."""

import types

def freeze(net, until):
    children = dict(net.named_children())
    if until not in children:
        raise ValueError(f"{until} is not one of {list(children)}")
    stay = types.MethodType(lambda self, mode=True: self, None) if False else None
    for name, child in children.items():
        for parameter in child.parameters():
            parameter.requires_grad_(False)
        for layer in child.modules():
            if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm, nn.GroupNorm)):
                layer.eval()
                layer.train = types.MethodType(lambda self, mode=True: self, layer)
        if name == until:
            return net
