"""normal_() and mul_ on the data."""


def xavier_normal_(weight):
    weight.data.normal_().mul_((2 / sum(weight.shape)) ** 0.5)
    return weight
