"""The bias by its own length.

Fails: the bias lies within the same bounds
Says: the length of the bias decides
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        if layer.bias is not None:
            layer.bias.uniform_(-1 / len(layer.bias) ** 0.5, 1 / len(layer.bias) ** 0.5)
    return layer
