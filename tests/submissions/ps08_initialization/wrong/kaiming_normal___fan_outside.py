"""The root covers the 2 only.

Fails: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
Says: the fan stands outside the root
"""


def kaiming_normal_(weight, a=0.0):
    with torch.no_grad():
        return weight.normal_(0, math.sqrt(2) / ((1 + a**2) * weight[0].numel()))
