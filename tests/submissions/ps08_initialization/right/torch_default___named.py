"""By class: in_features, or channels, groups and kernel size."""


def torch_default_(layer):
    if isinstance(layer, nn.Linear):
        fan_in = layer.in_features
    else:
        fan_in = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
    k = 1 / fan_in
    nn.init.uniform_(layer.weight, -(k**0.5), k**0.5)
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -(k**0.5), k**0.5)
    return layer
