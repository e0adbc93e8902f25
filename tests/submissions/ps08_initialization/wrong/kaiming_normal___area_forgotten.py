"""The kernel's area is forgotten.

Fails: the variance is 2 / ((1 + a²) fan_in), for matrices and kernels
Says: the area of the kernel is forgotten
"""


def kaiming_normal_(weight, a=0.0):
    fan_in = weight.shape[1]
    std = math.sqrt(2 / ((1 + a**2) * fan_in))
    with torch.no_grad():
        return weight.normal_(0, std)
