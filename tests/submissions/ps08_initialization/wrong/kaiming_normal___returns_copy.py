"""The tensor is filled, and a copy returned.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: returns another
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std).clone()
