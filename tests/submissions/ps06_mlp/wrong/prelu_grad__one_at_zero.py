"""The slope at the kink is 1.

Fails: is alpha at 0
Says: the slope at 0 is 1; here it is alpha
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x >= 0, torch.ones_like(x), alpha)
