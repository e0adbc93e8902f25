"""New parameters.

Fails: *
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    layer.weight = nn.Parameter(torch.empty_like(layer.weight).uniform_(-bound, bound))
    if layer.bias is not None:
        layer.bias = nn.Parameter(torch.empty_like(layer.bias).uniform_(-bound, bound))
    return layer
