"""torch.rand writes into the memory of the parameter."""


def xavier_uniform_(weight):
    a = math.sqrt(6 / sum(weight.shape))
    torch.rand(weight.shape, out=weight.data, dtype=weight.dtype)
    weight.data.sub_(0.5).mul_(2 * a)
    return weight
