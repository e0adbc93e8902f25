"""The kernels as rows of a matrix; Box and Muller's normal numbers."""


def kaiming_normal_(weight, a=0.0):
    rows = weight.detach().reshape(weight.shape[0], -1)
    u, v = torch.rand(rows.shape, dtype=torch.float64).clamp(min=1e-300), torch.rand(rows.shape, dtype=torch.float64)
    numbers = (-2 * u.log()).sqrt() * torch.cos(2 * math.pi * v)
    with torch.no_grad():
        weight.copy_((numbers * (2 / ((1 + a**2) * rows.shape[1])) ** 0.5).reshape(weight.shape))
    return weight
