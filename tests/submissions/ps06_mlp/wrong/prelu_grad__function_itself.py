"""Returns prelu, not its slope.

Fails: *
Says: prelu itself is given back
"""

def prelu_grad(x, alpha):
    if isinstance(alpha, torch.Tensor) and alpha.ndim == 1:
        alpha = alpha.reshape(-1, *[1] * (x.ndim - 2))
    return torch.where(x > 0, x, alpha * x)
