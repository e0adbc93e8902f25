"""A layer without a bias crashes.

Fails: *
May fail: torch.manual_seed decides the numbers, and each call draws new ones
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        layer.bias.uniform_(-bound, bound)
    return layer
