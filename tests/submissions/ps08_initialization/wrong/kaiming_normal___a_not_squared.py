"""1 + a.

Fails: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
Says: 1 + a stands
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std)
