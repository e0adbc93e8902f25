"""nn.init.uniform_ under another name, and the fan from its helper."""


def xavier_uniform_(weight):
    from torch.nn.init import _calculate_fan_in_and_fan_out as fans
    from torch.nn.init import uniform_ as fill

    n_in, n_out = fans(weight)
    bound = math.sqrt(3.0) * math.sqrt(2.0 / (n_in + n_out))
    fill(weight, -bound, bound)
    return weight
