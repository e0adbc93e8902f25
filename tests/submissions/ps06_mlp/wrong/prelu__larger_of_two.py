"""max(x, alpha x), which is right for alpha up to 1 only.

Fails: takes any alpha: negative, 0, larger than 1
Says: the larger of x and alpha x is taken
"""

def prelu(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.maximum(x, alpha * x)
