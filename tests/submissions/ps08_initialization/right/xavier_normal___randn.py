"""torch.randn times the deviation, copied in."""


def xavier_normal_(weight):
    std = math.sqrt(2 / (weight.size(0) + weight.size(1)))
    with torch.no_grad():
        weight.copy_(std * torch.randn(weight.shape, dtype=weight.dtype))
    return weight
