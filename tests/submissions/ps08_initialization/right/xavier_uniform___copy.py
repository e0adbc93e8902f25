"""torch.rand, stretched and copied in."""


def xavier_uniform_(weight):
    a = (6 / sum(weight.shape)) ** 0.5
    numbers = (2 * torch.rand(weight.shape) - 1) * a
    weight.data.copy_(numbers)
    return weight
