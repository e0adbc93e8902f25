"""cumprod in float64."""


def propagate_variance(sizes, gammas, var_x=1.0, var_g=1.0, alpha=1.0):
    n = torch.tensor(sizes, dtype=torch.float64)
    g = torch.tensor(gammas, dtype=torch.float64) * alpha**2
    one = torch.ones(1, dtype=torch.float64)
    forward = var_x * torch.cumprod(torch.cat([one, n[:-1] * g]), 0)
    backward = var_g * torch.cumprod(torch.cat([one, (n[1:] * g).flip(0)]), 0).flip(0)
    return forward.tolist(), backward.tolist()
