"""A hook puts the norm layers in evaluation mode before each forward pass."""

def freeze(net, until):
    if not hasattr(net, until) or until not in [name for name, _ in net.named_children()]:
        raise ValueError(f"no child {until!r}")
    reached = False
    for name, child in net.named_children():
        if reached:
            break
        child.requires_grad_(False)
        for layer in child.modules():
            if isinstance(layer, nn.modules.batchnorm._BatchNorm):
                layer.register_forward_pre_hook(lambda layer, inputs: layer.train(False) and None)
        reached = name == until
    return net
