"""torch.rand, copied into the data."""


def torch_default_(layer):
    bound = layer.weight.flatten(1).shape[1] ** -0.5
    for p in (layer.weight, layer.bias):
        if p is not None:
            p.data.copy_(bound * (2 * torch.rand(p.shape) - 1))
    return layer
