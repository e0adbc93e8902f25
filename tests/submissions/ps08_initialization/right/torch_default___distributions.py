"""torch.distributions.Uniform."""


def torch_default_(layer):
    bound = layer.weight[0].numel() ** -0.5
    numbers = torch.distributions.Uniform(-bound, bound)
    for name in ("weight", "bias"):
        p = getattr(layer, name)
        if p is not None:
            p.data.copy_(numbers.sample(p.shape))
    return layer
