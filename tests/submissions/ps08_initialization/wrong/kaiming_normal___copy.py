"""A copy is filled and returned.

Fails: *
Says: old numbers
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.clone().normal_(0, std)
