"""The bias is 0.

Fails: the bias lies within the same bounds
Fails: the numbers are uniform
May fail: torch.manual_seed decides the numbers, and each call draws new ones
Says: are all 0
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        if layer.bias is not None:
            layer.bias.zero_()
    return layer
