"""The library's habit of a = √5 for a default.

Fails: a is 0 by default: ReLU
"""


def kaiming_normal_(weight, a=5**0.5):
    fan_in = weight[0].numel()
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std)
