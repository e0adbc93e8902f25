"""nn.Parameter on randn times std."""

from torch import nn

def init_params(sizes, std=0.01):
    params = []
    for i in range(len(sizes) - 1):
        params += [nn.Parameter(torch.randn(sizes[i], sizes[i + 1]) * std), nn.Parameter(torch.zeros(sizes[i + 1]))]
    return params
