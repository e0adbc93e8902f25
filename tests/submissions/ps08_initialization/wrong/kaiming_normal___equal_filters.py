"""One filter, repeated.

Fails: every entry is drawn on its own
May fail: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
May fail: the numbers are normal
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        weight.copy_(torch.empty(weight.shape[1:]).normal_(0, std).expand_as(weight))
        return weight
