"""Uniform numbers of the right variance.

Fails: the numbers are normal
Says: are uniform
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.uniform_(-std * 3**0.5, std * 3**0.5)
