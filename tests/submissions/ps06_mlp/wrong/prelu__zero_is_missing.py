"""`alpha or 0.25`: an alpha of 0 is taken for one that was not given.

Fails: takes any alpha: negative, 0, larger than 1
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    elif not isinstance(alpha, torch.Tensor):
        alpha = alpha or 0.25
    return torch.where(x > 0, x, alpha * x)
