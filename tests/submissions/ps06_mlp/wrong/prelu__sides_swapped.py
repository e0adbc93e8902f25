"""alpha on the positive side.

Fails: *
Says: alpha stands on the positive side
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, alpha * x, x)
