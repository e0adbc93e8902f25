"""alpha times |x| on the negative side.

Fails: *
Says: alpha times |x| is taken
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, x, alpha * x.abs())
