"""The numbers of a fresh layer.

Fails: *
Says: calls reset_parameters
"""


def torch_default_(layer):
    if isinstance(layer, nn.Linear):
        fresh = nn.Linear(layer.in_features, layer.out_features, bias=layer.bias is not None)
    else:
        fresh = nn.Conv2d(layer.in_channels, layer.out_channels, layer.kernel_size, groups=layer.groups, bias=layer.bias is not None)
    layer.load_state_dict(fresh.state_dict())
    return layer
