"""The 2 is forgotten.

Fails: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
Fails: a is 0 by default: ReLU
Says: the 2 is forgotten
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(1 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std)
