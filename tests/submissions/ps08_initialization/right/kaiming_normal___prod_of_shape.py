"""The product of the shape behind dimension 0, and a gain."""


def kaiming_normal_(weight, a=0.0):
    fan = math.prod(weight.shape[1:])
    gain = (2.0 / (1 + a * a)) ** 0.5
    weight.data.normal_(mean=0.0, std=gain / fan**0.5)
    return weight
