"""The bias before the weight, and in_features from the stride."""


@torch.no_grad()
def torch_default_(layer):
    fan_in = math.prod(layer.weight.shape[1:])
    for parameter in reversed(list(layer.parameters())):
        parameter[...] = torch.empty_like(parameter).uniform_(-1, 1) / math.sqrt(fan_in)
    return layer
