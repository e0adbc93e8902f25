"""in_channels, groups forgotten.

Fails: kernels: the area counts, and groups
Fails: the bias lies within the same bounds
Fails: takes layers without a bias
Says: groups are forgotten
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.in_features if isinstance(layer, nn.Linear) else layer.in_channels * math.prod(layer.kernel_size))
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound)
    return layer
