"""torch.renorm, which adds 1e-7 to the length: float64 loses its digits.

Fails: keeps the dtype, and takes numbers in any memory order
Says: to the digits of float64
"""


def project_ball(X, radius):
    flat = X.reshape(-1, X.shape[-1])
    return torch.renorm(flat, p=2, dim=0, maxnorm=radius).reshape(X.shape)
