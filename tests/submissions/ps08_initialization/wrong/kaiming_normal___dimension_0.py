"""Dimension 0 for the fan.

Fails: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
Fails: a is 0 by default: ReLU
Says: dimension 0 is taken for the fan
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight.shape[0]
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std)
