"""The library's recipe with a = √5.

Fails: *
Says: calls kaiming_uniform_
"""


def torch_default_(layer):
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5))
    if layer.bias is not None:
        bound = 1 / math.sqrt(layer.weight[0].numel())
        nn.init.uniform_(layer.bias, -bound, bound)
    return layer
