"""Each copy is an nn.Parameter."""

from torch import nn


def get_params(params, device):
    return [nn.Parameter(p.detach().to(device, copy=True)) for p in params]
